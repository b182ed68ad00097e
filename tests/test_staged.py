"""`archivist check --staged`: what the commit holds, and what it breaks elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox import Sandbox, entry, sandbox


@pytest.fixture
def box(tmp_path: Path) -> Sandbox:
    return sandbox(
        tmp_path,
        quay_guild=entry("Quay Guild"),
        mill_guild=entry("Mill Guild", parents="Quay Guild"),
        weir_guild=entry("Weir Guild").replace("Feb 04, 2014", "Feb 30, 2014"),
    )


def test_nothing_staged(box: Sandbox) -> None:
    outcome = box.run("check", "--staged")
    assert (outcome.code, outcome.out) == (0, "0 entries checked: all good.\n")


def test_the_index_counts_not_the_working_tree(box: Sandbox) -> None:
    box.write("entries/new-guild.md", entry("New Guild", parents="Nobody"))
    box.git("add", ".")
    box.write("entries/new-guild.md", entry("New Guild"))
    assert box.run("check", "--staged").code == 1
    box.git("add", ".")
    box.write("entries/new-guild.md", entry("New Guild", parents="Nobody"))
    assert box.run("check", "--staged").code == 0


def test_old_debt_elsewhere_is_not_reported(box: Sandbox) -> None:
    box.write("entries/new-guild.md", entry("New Guild", parents="Weir Guild"))
    box.git("add", ".")
    assert box.run("check", "--staged").code == 0
    assert box.run("check").code == 1


def test_a_deleted_parent_is_missed(box: Sandbox) -> None:
    box.git("rm", "--quiet", "entries/quay-guild.md")
    outcome = box.run("check", "--staged")
    assert outcome.code == 1
    assert "entries/mill-guild.md:7:19: error P501" in outcome.out
    hint = "this commit breaks it; keep the name, if only in `also known as`, or add a stub: "
    assert hint in outcome.out


def test_a_renamed_title_is_missed_and_an_alias_keeps_it(box: Sandbox) -> None:
    box.write("entries/quay-guild.md", entry("Harbour Quay Guild"))
    box.git("add", ".")
    assert "entries/mill-guild.md:7:19: error P501" in box.run("check", "--staged").out
    renamed = entry("Harbour Quay Guild").replace(
        "date announced:", "also known as: Quay Guild\ndate announced:"
    )
    box.write("entries/quay-guild.md", renamed)
    box.git("add", ".")
    assert box.run("check", "--staged").code == 0


def test_a_renamed_file_is_found_by_its_title(box: Sandbox) -> None:
    box.git("mv", "entries/quay-guild.md", "entries/the-quay-guild.md")
    assert box.run("check", "--staged").code == 0
    box.write("entries/mill-guild.md", entry("Mill Guild", parents="quay-guild"))
    box.git("add", ".")
    assert box.run("check", "--staged").code == 1


def test_a_parent_and_its_child_leave_together(box: Sandbox) -> None:
    box.git("rm", "--quiet", "entries/quay-guild.md", "entries/mill-guild.md")
    assert box.run("check", "--staged").code == 0


def test_a_twin_of_an_old_entry(box: Sandbox) -> None:
    box.write("entries/twin-guild.md", entry("Twin Guild", body="At Quay Guild all are kind."))
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert outcome.code == 1
    assert "N605" in outcome.out


def test_a_cycle_is_closed(box: Sandbox) -> None:
    box.write("entries/quay-guild.md", entry("Quay Guild", parents="Mill Guild"))
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert "`quay-guild` → `mill-guild` → `quay-guild`" in outcome.out
    assert "`mill-guild` → `quay-guild` → `mill-guild`" in outcome.out


def test_staged_schema_checks_everything(box: Sandbox) -> None:
    box.write("archivist.toml", '[check.severity]\nD302 = "error"\n')
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert outcome.code == 1
    assert "entries/weir-guild.md:5:16: error D301" in outcome.out


def test_before_the_first_commit(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay_guild=entry("Quay Guild", parents="Nobody"))
    box.git("init", "--quiet")
    assert box.run("check", "--staged").code == 0
    box.git("add", ".")
    assert box.run("check", "--staged").code == 1


def test_an_archive_below_the_top_of_its_repository(tmp_path: Path) -> None:
    outer = Sandbox(tmp_path)
    outer.git("init", "--quiet")
    box = sandbox(tmp_path / "policies", git=False, quay_guild=entry("Quay Guild"))
    box.write("entries/mill-guild.md", entry("Mill Guild", parents="Quay Guild"))
    outer.write("README.md", "x")
    outer.commit()
    box.git("rm", "--quiet", "entries/quay-guild.md")
    assert "entries/mill-guild.md:7:19: error P501" in box.run("check", "--staged").out
    assert box.run("-C", "entries", "check", "--staged").code == 1


def test_a_commit_of_some_paths_only(box: Sandbox) -> None:
    """`git commit FILE` hands its hook an index of its own."""
    hook = box.root / ".git" / "hooks" / "pre-commit"
    import sys

    hook.write_text(f"#!/bin/sh\nexec {sys.executable} -m archivist check --staged >&2\n")
    hook.chmod(0o755)
    box.write("entries/bad-guild.md", entry("Bad Guild", parents="Nobody"))
    box.git("add", ".")
    box.write("entries/quay-guild.md", entry("Quay Guild", body="Be patient."))
    box.git("commit", "--quiet", "--message", "Only one", "entries/quay-guild.md")
    assert box.git("show", "--name-only", "--format=").split() == ["entries/quay-guild.md"]


def test_a_link_and_a_submodule(box: Sandbox) -> None:
    (box.root / "entries" / "passwd.md").symlink_to("/etc/passwd")
    (box.root / "entries" / "twin.md").symlink_to("quay-guild.md")
    box.git("add", ".")
    head = box.git("rev-parse", "HEAD").strip()
    box.git("update-index", "--add", "--cacheinfo", f"160000,{head},entries/module.md")
    outcome = box.run("check", "--staged")
    assert "entries/passwd.md:1:1: error F114" in outcome.out
    assert "entries/module.md:1:1: error F114" in outcome.out
    assert "entries/twin.md:1:1: error F114" not in outcome.out


def test_a_conflict_is_no_answer(box: Sandbox) -> None:
    box.git("checkout", "--quiet", "-b", "other")
    box.write("entries/quay-guild.md", entry("Quay Guild", body="One."))
    box.commit()
    box.git("checkout", "--quiet", "main")
    box.write("entries/quay-guild.md", entry("Quay Guild", body="Two."))
    box.commit()
    with pytest.raises(Exception, match="merge"):
        box.git("merge", "--quiet", "other")
    outcome = box.run("check", "--staged")
    assert outcome.code == 2
    assert "entries/quay-guild.md has a merge conflict" in outcome.err


def test_not_a_repository(tmp_path: Path) -> None:
    box = sandbox(tmp_path, git=False, quay_guild=entry("Quay Guild"))
    outcome = box.run("check", "--staged")
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


def test_fix_mends_the_working_tree(box: Sandbox) -> None:
    box.write("entries/new-guild.md", entry("New Guild").replace("Feb 04, 2014", "2014-02-04"))
    box.git("add", ".")
    outcome = box.run("check", "--staged", "--fix")
    assert "fixed entries/new-guild.md: D302" in outcome.err
    assert box.read("entries/new-guild.md") == entry("New Guild")


def test_fix_leaves_alone_what_was_edited_since(box: Sandbox) -> None:
    box.write("entries/new-guild.md", entry("New Guild").replace("Feb 04, 2014", "2014-02-04"))
    box.git("add", ".")
    edited = entry("New Guild", body="I am still writing")
    box.write("entries/new-guild.md", edited)
    outcome = box.run("check", "--staged", "--fix")
    assert outcome.code == 2
    assert "new-guild.md differs from what is staged" in outcome.err
    assert box.read("entries/new-guild.md") == edited


def test_the_baseline_counts(box: Sandbox) -> None:
    assert box.run("check").code == 1
    box.run("check", "--write-baseline")
    box.commit("The debt")
    box.write("entries/weir-guild.md", f"{box.read('entries/weir-guild.md')}\nAnd so are guests.\n")
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert outcome.code == 0
    assert outcome.out == "1 entry checked: all good; 1 more are in the baseline.\n"
    box.git("rm", "--quiet", "--cached", "archivist-baseline.json")
    assert box.run("check", "--staged").code == 1


def test_a_baseline_of_another_name(box: Sandbox) -> None:
    box.write("archivist.toml", '[check]\nbaseline = "debt/of-2014.json"\n')
    (box.root / "debt").mkdir()
    box.run("check", "--write-baseline")
    box.git("add", "archivist.toml")
    outcome = box.run("check", "--staged")
    assert outcome.code == 2
    assert "there is no baseline debt/of-2014.json" in outcome.err
    box.git("add", ".")
    assert box.run("check", "--staged").code == 0


def test_the_baseline_hides_nothing_that_a_commit_breaks_elsewhere(tmp_path: Path) -> None:
    box = sandbox(
        tmp_path,
        quay_guild=entry("Quay Guild"),
        mill_guild=entry("Mill Guild", parents="Quay Guild, Nobody"),
    )
    box.run("check", "--write-baseline")
    box.commit("The debt")
    box.git("rm", "--quiet", "entries/quay-guild.md")
    outcome = box.run("check", "--staged")
    assert outcome.code == 1
    assert outcome.out.count("error P501") == 1
    assert "Quay Guild" in outcome.out


@pytest.mark.parametrize("name", ["\\u0000", "/dev/zero", "../debt.json", ":/", "entries", "*"])
def test_a_staged_baseline_that_is_none(box: Sandbox, name: str) -> None:
    box.write("archivist.toml", f'[check]\nbaseline = "{name}"\n')
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert outcome.code == 2
    assert outcome.err.startswith("error: ")
    assert "mistake" not in outcome.err


def test_a_staged_baseline_that_is_too_large(box: Sandbox) -> None:
    box.write("archivist-baseline.json", " " * (1 << 24) + "{}")
    box.write("entries/new-guild.md", entry("New Guild"))
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert outcome.code == 2
    assert "archivist-baseline.json must not be larger than 16384 KiB" in outcome.err


def test_a_staged_check_says_how_to_mend_what_is_staged(box: Sandbox) -> None:
    box.write("entries/new-guild.md", entry("New Guild").replace("Feb 04", "Feb 4"))
    box.write("entries/old-guild.md", entry("Old Guild").replace("Feb 04", "Feb 4"))
    box.git("add", "entries/new-guild.md")
    assert "`archivist check --staged --fix` mends 1;" in box.run("check", "--staged").out
    outcome = box.run("check", "--staged", "--fix")
    assert outcome.err.endswith("stage what was fixed: git add entries/new-guild.md\n")
    assert "Feb 4" in box.read("entries/old-guild.md")
    again = box.run("check", "--staged", "--fix")  # the file is mended, but not staged
    assert again.code == 2
    assert "entries/new-guild.md differs from what is staged, so it was not mended" in again.err
    assert "git add entries/new-guild.md\n" in again.err
    box.git("add", "entries/new-guild.md")
    assert box.run("check", "--staged").code == 0


def test_a_twin_of_an_entry_that_is_as_it_was_is_told_to_credit_it(box: Sandbox) -> None:
    twin = entry("A Guild", body="At Quay Guild all are kind.").replace("Feb 04", "Feb 03")
    box.write("entries/a-guild.md", twin)
    box.git("add", ".")
    outcome = box.run("check", "--staged")
    assert "entries/quay-guild.md:10:1: error N605" in outcome.out
    hint = "this commit breaks it; if the other text derives from this one, write"
    assert f"{hint} `credited parents: quay-guild` there" in outcome.out
