"""Tests of the scripts that make the documentation's pages and check the site."""

import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"


def load(name):
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(SCRIPTS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class FolderTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class CatalogTest(FolderTest):
    catalog = load("prepare-docs-catalog")

    def convert(self, text):
        return self.catalog.convert(text, self.catalog.Pictures(self.folder))

    def test_formulas_become_pictures(self):
        text = self.convert(
            "Here $h_t$ is\n\n```math\n\\begin{aligned}\na &= b\n\\end{aligned}\n```\n")
        self.assertRegex(text, r"^Here !\[h\\_t\]\(formula-inline-\d+-\w+\.svg\) is\n\n!\[.*\]"
                               r"\(formula-block-\w+\.svg\)\n$")
        self.assertEqual(len(list(self.folder.glob("*~dark.svg"))), 2)
        self.assertEqual(len(list(self.folder.glob("*.svg"))), 4)

    def test_inline_formula_reaches_as_far_below_the_line_as_its_name_says(self):
        for latex in "x", "h_{t-1}", r"\sum_{k=1}^T \frac{a}{b}":
            name = self.convert(f"${latex}$").split("(")[-1].rstrip(")")
            box = (self.folder / name).read_text().split('viewBox="')[1].split('"')[0]
            _, top, _, height = map(float, box.split())
            self.assertAlmostEqual(top + height, float(name.split("-")[2]))

    def test_wide_block_is_named_so(self):
        self.assertIn("formula-wide-", self.convert("```math\n" + "a + " * 40 + "b\n```\n"))

    def test_code_stays(self):
        code = "`$x$` costs 5 $ or\n\n```sh\necho $HOME $PATH\n```\n"
        self.assertEqual(self.convert(code), code)

    def test_wrong_formula_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "frac"):
            self.convert(r"$\frac{a$")

    def test_names_of_pages_and_headers_become_links(self):
        self.assertEqual(
            self.convert("`recur/lstm.h`, `docs/tasks.md`, `docs/other.txt`"),
            "[`recur/lstm.h`](/documentation/recurc/lstm-h), "
            "[`docs/tasks.md`](/documentation/guide/tasks), `docs/other.txt`")

    def test_articles_link_to_their_neighbours(self):
        catalog = self.folder / "M.docc"
        catalog.mkdir()
        (catalog / "M.md").write_text("# M\n\n## Topics\n\n- <doc:A>\n- ``Symbol``\n- <doc:B>\n")
        (catalog / "A.md").write_text("# A\n\nText.\n")
        (catalog / "B.md").write_text("# B\n\nText.\n\n## Topics\n\n- ``Symbol``\n")
        self.catalog.add_neighbours(catalog)
        self.assertEqual((catalog / "A.md").read_text(), "# A\n\nText.\n\nNext: <doc:B>\n\n")
        self.assertEqual((catalog / "B.md").read_text(),
                         "# B\n\nText.\n\nPrevious: <doc:A>\n\n## Topics\n\n- ``Symbol``\n")


class HeaderTest(unittest.TestCase):
    headers = load("prepare-docs-c")

    def test_comments_become_markdown(self):
        expected = ["Calls ``recur_lstm`` with T\\*B rows, see <doc:gru-h>:", "",
                    "```text", "i = f(x)", "", "  g", "```", "", "- item", "  more", "`other`"]
        for comment in (
                """Calls recur_lstm() with T*B rows, see recur/gru.h:

                     i = f(x)

                       g

                   - item
                     more
                   `other` """,
                """ * Calls recur_lstm() with T*B rows, see recur/gru.h:
                    *
                    *     i = f(x)
                    *
                    *       g
                    *
                    * - item
                    *   more
                    * `other`
                """):
            lines = self.headers.text_of(comment)
            result = self.headers.markdown(lines, {"recur_lstm": "recur_lstm"}, "lstm.h")
            self.assertEqual([line for line in result if line], [line for line in expected if line])

    def test_example_shows_its_output(self):
        text = ("/* recur/a.h: one\n   step.\n\n   Copyright */\n\n"
                "int main;\n\n/* prints:\n1\n2\n*/\n")
        self.assertEqual([line for line in self.headers.example_lines(text) if line], [
            "One step.", "```c", "int main;", "```",
            "The program prints:", "```text", "1\n2", "```"])

    def test_header_comment_is_the_one_with_file(self):
        for text in "/* A. */", "/* Copyright */\n\n/** @file\n * A. */\n", "/** @file A. */":
            self.assertEqual(self.headers.HEADER_COMMENT.search(text)[1].strip(" *\n"), "A.")


class SiteTest(FolderTest):
    def write(self, page, **changes):
        for name, text in {
                "data/documentation/m.json": json.dumps(page), "documentation/m/index.html": "",
                "index/index.json": json.dumps({"path": "/documentation/m"}), "x.png": "",
                "index.html": '<a href="documentation/m/">', "documentation/index.html": "",
                **changes}.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def faults(self):
        result = subprocess.run(
            [SCRIPTS / "check-docs", self.folder], capture_output=True, text=True)
        self.assertEqual(result.returncode, bool(result.stderr))
        return result.stderr

    def test_sound_site(self):
        self.write({"references": {
            "a": {"type": "topic", "url": "/documentation/m#part"},
            "b": {"type": "link", "url": "https://example.org"},
            "c": {"type": "image", "variants": [{"url": "/x.png"}]}},
            "content": [{"type": "heading", "anchor": "Part"},
                        {"type": "codeListing", "code": ["x" * 72]}]})
        self.assertEqual(self.faults(), "")

    def test_faults(self):
        for item, fault in (
                ({"type": "topic", "url": "/documentation/n"}, "no page or file /documentation/n"),
                ({"type": "link", "url": "/documentation/m#no"}, "no section /documentation/m#no"),
                ({"type": "image", "variants": [{"url": "/y.png"}]}, "no page or file /y.png"),
                ({"type": "codeListing", "code": ["x" * 73]}, "73 columns")):
            self.write({"content": [item]})
            self.assertIn(fault, self.faults())

    def test_faults_of_other_files(self):
        for name, text, fault in (
                ("index.html", '<img src="no.png">', "no.png"),
                ("index/index.json", '{"path": "/documentation/n"}', "the navigator")):
            self.write({}, **{name: text})
            self.assertIn(fault, self.faults())


if __name__ == "__main__":
    unittest.main()
