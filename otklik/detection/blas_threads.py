"""Linear algebra of many small systems is slower with several threads: they wait for one another."""

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def use_one_blas_thread() -> None:
    """Have NumPy use one thread. Works before NumPy is first imported; a number set by the environment stays."""
    for name in VARIABLES:
        os.environ.setdefault(name, "1")
