"""Rules about pages that machines can check: every word translatable, nothing inline, every icon drawn."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiwang.platform.ui.icons import drawings

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "yiwang"
HAN = re.compile(r"[\u3400-\u9fff]")

# The gallery's sample facts (names, firms, figures) are Chinese by nature; its own words are translated.
SAMPLES = ("platform/ui/templates/ui/living", "platform/ui/samples")

TRANSLATED_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
TAG_WITH_TEXT = re.compile(r"""{%\s*trans(?:late)?\s+(?:"[^"]*"|'[^']*').*?%}|\b_\((?:"[^"]*"|'[^']*')\)""", re.S)
UNSEEN = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.S)
# A foreign language's own name, in its own language, marked as such.
FOREIGN = re.compile(r"<(\w+)\b[^>]*\blang=\"[^\"]+\"[^>]*>.*?</\1>", re.S)

INLINE = re.compile(r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|<style\b|href\s*=\s*["']javascript:|\shx-on""", re.I)
# A block of data is not run; everything else must come from a file.
SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=[\"']application/json))[^>]*>", re.I)
ICON = re.compile(r"""{%\s*icon\s+["']([^"']+)["']""")
ICON_ARGUMENT = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")

GETTEXT = {f"{kind}gettext{lazy}" for kind in ("", "n", "p", "np") for lazy in ("", "_lazy")}
GETTEXT |= {"gettext_noop", "_", "_lazy", "_n", "_p"}
GETTEXT |= {"Words"}  # both languages side by side
# Chinese that is looked for, not shown: patterns, prefixes, separators.
LOOKING = {
    *("compile", "search", "match", "fullmatch", "sub", "split", "findall", "partition", "rpartition", "replace"),
    *("startswith", "endswith", "removeprefix", "removesuffix", "strip", "lstrip", "rstrip", "maketrans", "count"),
}


def is_sample(path: Path) -> bool:
    return any(part in path.as_posix() for part in SAMPLES)


def templates() -> list[Path]:
    return [path for path in sorted(SRC.rglob("templates/**/*.html")) if "tests" not in path.parts]


def modules() -> Iterator[Path]:
    for path in sorted([*SRC.rglob("*.py"), *(ROOT / "config").rglob("*.py")]):
        if not {"tests", "migrations"} & set(path.parts) and not is_sample(path):
            yield path


def untranslated_in_template(html: str) -> list[str]:
    """Pieces with Chinese characters that stand outside every translation tag."""
    bare = html
    for pattern in (UNSEEN, FOREIGN, TRANSLATED_BLOCK, TAG_WITH_TEXT):
        bare = pattern.sub(" ", bare)
    return [piece.strip() for piece in re.split(r"[<>{}\n]", bare) if HAN.search(piece)]


def untranslated_in_python(source: str) -> list[str]:
    """Texts with Chinese characters that no gettext call takes, beside docstrings and texts that are only looked for."""
    tree = ast.parse(source)
    taken = {id(inner) for node in ast.walk(tree) for part in parts_not_shown(node) for inner in ast.walk(part)}
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in taken
        and HAN.search(node.value)
    ]


def parts_not_shown(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        return list(node.args) if name in GETTEXT | LOOKING else []
    if isinstance(node, ast.Dict):
        keys = [getattr(key, "value", None) for key in node.keys]
        return [node] if {"zh", "en"} <= set(keys) else []
    return []


def inline_code(html: str) -> list[str]:
    return [found.group(0).strip() for pattern in (INLINE, SCRIPT) for found in pattern.finditer(UNSEEN.sub("", html))]


def missing_icons(text: str) -> list[str]:
    named = ICON.findall(text) + ICON_ARGUMENT.findall(text)
    return sorted(set(named) - drawings().keys())


# Classes put together from a value in the template, and regions that htmx or a test names.
UNSTYLED = {"clk-", "sw-", "sw-c", "tint", "cols", "home", "job-bar", "yw-aside", "yw-split-main"}


def classes_of(html: str) -> set[str]:
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", UNSEEN.sub("", html), flags=re.S)
    return {name for group in re.findall(r'\bclass="([^"]*)"', plain) for name in group.split()}


# Chinese that is data or grammar of the language itself, not words a reader could get in English.
DATA = {
    "kernel/identity.py": "the characters of identity numbers and names",
    "kernel/money.py": "capital figures exist in Chinese only",
    "config/settings.py": "a language's own name",
    "config/demo/": "the fictional federation: names, stories, letters",
    "portal/personas.py": "names of the fictional people",
    "platform/documents/": "official papers are written in Chinese",
    "platform/forms/library/values.py": "figures as people write them in Chinese",
    "platform/rules/library/": "pure Python without Django; carries both languages itself",
    "platform/text/": "characters, everyday words and their variants",
    "platform/ui/formats.py": "万 as a unit of Chinese figures",
    "platform/ui/tables/exports.py": "full-width signs that start a formula",
    "register/imports/library/": "heads and values of spreadsheets as they arrive",
    "register/organisations/": "names of bodies and heads of their spreadsheets",
    "net/cases/actions/letters.py": "official letters are written in Chinese",
    "rights/congress/papers.py": "official papers are written in Chinese",
    "grassroots/founding/actions/": "official papers are written in Chinese",
    "grassroots/joining/actions/pools.py": "a body's official name, and the reason kept with a span",
    "register/imports/queries/matching.py": "heads of spreadsheets as they arrive",
    "net/cases/formulas.py": "kinds in case numbers, words in the names of bodies",
    "rights/aid/explain_inputs.py": "labels as the worked households write them",
    "net/catalogue/problems.py": "words that make a material too vague",
}


def is_data(path: Path) -> bool:
    name = path.relative_to(SRC if SRC in path.parents else ROOT).as_posix()
    return any(name.startswith(place) for place in DATA)


def test_templates_hold_no_text_outside_translation_tags():
    found = {
        str(path.relative_to(ROOT)): pieces
        for path in templates()
        if not is_sample(path)
        and ".zh." not in path.name
        and (pieces := untranslated_in_template(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_a_text_kept_as_a_file_per_language_has_both():
    chinese = sorted(SRC.rglob("templates/**/*.zh.*"))

    assert [str(path) for path in chinese if not path.with_name(path.name.replace(".zh.", ".en.")).exists()] == []


def test_python_holds_no_text_outside_gettext():
    found = {
        str(path.relative_to(ROOT)): pieces
        for path in modules()
        if not is_data(path) and (pieces := untranslated_in_python(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_templates_hold_no_inline_code():
    found = {
        str(path.relative_to(ROOT)): pieces
        for path in templates()
        if (pieces := inline_code(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_every_icon_named_is_drawn():
    files = [*templates(), *modules()]
    found = {
        str(path.relative_to(ROOT)): names
        for path in files
        if (names := missing_icons(path.read_text(encoding="utf-8")))
    }

    assert found == {}


def test_every_class_used_is_styled():
    """A class without a rule is a typing mistake, or a mark that a script looks for: those are data- attributes."""
    styles = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "frontend" / "styles").rglob("*.css")))
    styled = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles)) | UNSTYLED
    found = {
        str(path.relative_to(ROOT)): missing
        for path in templates()
        if (missing := sorted(classes_of(path.read_text(encoding="utf-8")) - styled))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("html", "pieces"),
    [
        ("<p>{% translate '你好' %}</p>", []),
        ("<p>你好</p>", ["你好"]),
        ('<a aria-label="返回">x</a>', ['a aria-label="返回"']),
        ("{% blocktranslate %}有{{ n }}件{% endblocktranslate %}", []),
        ('<button lang="zh-Hans">简体中文</button>', []),
        ("{# 说明 #}<b>ok</b>", []),
    ],
)
def test_the_template_check_sees_bare_text_and_only_that(html, pieces):
    assert untranslated_in_template(html) == pieces


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("x = _('你好')", 0),
        ("x = '你好'", 1),
        ('"""你好"""', 0),
        ("x = f'你好{y}'", 1),
        ("x = gettext_lazy('你好')", 0),
    ],
)
def test_the_python_check_sees_bare_text_and_only_that(source, count):
    assert len(untranslated_in_python(source)) == count


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ('<p style="color:red">', 1),
        ('<p class="style">', 0),
        ('<a onclick="x()">', 1),
        ("<script>x()</script>", 1),
        ('<script type="module" src="/a.js"></script>', 0),
        ('<rect width="4"/>', 0),
        ('<script id="d" type="application/json">{}</script>', 0),
    ],
)
def test_the_inline_check_sees_styles_handlers_and_scripts(html, count):
    assert len(inline_code(html)) == count


def test_the_icon_check_sees_a_name_nobody_drew():
    assert missing_icons("{% icon 'aid' %}{% icon 'no-such-thing' 20 %}") == ["no-such-thing"]
