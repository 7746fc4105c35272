"""`otklik backup`, `otklik restore`, `otklik upgrade` and `otklik doctor`: what keeps an installation safe."""
