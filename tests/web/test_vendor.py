import json
import re
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

STATIC = Path(str(files("karez.web"))) / "static"
VENDOR = STATIC / "vendor"


def test_every_vendored_file_is_listed_with_its_hash_version_and_licence():
    listed = json.loads((VENDOR / "manifest.json").read_text())["files"]
    for each in listed:
        assert sha256((VENDOR / each["file"]).read_bytes()).hexdigest() == each["sha256"]
        assert re.fullmatch(r"\d+\.\d+\.\d+", each["version"])
        assert each["name"]
        assert each["licence"]
        assert (VENDOR / each["licence_file"]).read_text().strip()
    named = {each["file"] for each in listed} | {each["licence_file"] for each in listed} | {"manifest.json"}
    assert {path.name for path in VENDOR.iterdir()} == named


def test_our_own_scripts_and_styles_name_no_other_machine():
    for path in [*STATIC.glob("*.js"), *STATIC.glob("*.css")]:
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|@import|url\(['\"]?(?!#)", text), path.name


def test_templates_have_no_inline_script_or_style_which_the_policy_would_refuse():
    for path in (STATIC.parent / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


def test_styles_use_logical_properties_so_that_right_to_left_needs_no_second_sheet():
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "karez.css").read_text(), flags=re.S)
    physical = re.findall(r"(?<![\w-])((?:margin|padding|border)-(?:left|right|top|bottom)|left|right)\s*:", text)
    assert physical == []
