import pytest

from workstation.workspace.actions import ACTIONS
from workstation.workspace.settings import SETTINGS, Settings


def test_choices_are_kept_and_read_back(tmp_path):
    Settings(tmp_path)["view.palette"] = "dark"
    assert Settings(tmp_path)["view.palette"] == "dark"


def test_a_setting_refuses_what_it_does_not_offer(tmp_path):
    with pytest.raises(ValueError, match=r"view\.palette"):
        Settings(tmp_path)["view.palette"] = "pink"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"view.palette": 7, "recent": 3}'])
def test_a_damaged_file_falls_back_to_defaults(tmp_path, content):
    (tmp_path / "settings.json").write_text(content)
    settings = Settings(tmp_path)
    assert settings["view.palette"] == SETTINGS["view.palette"].default
    assert settings.recent == ()


def test_recent_files_are_newest_first_without_repeats(tmp_path):
    files = [tmp_path / name for name in ("a.xlsx", "b.xlsx")]
    for file in files:
        file.touch()
    settings = Settings(tmp_path)
    for file in (files[0], files[1], files[0]):
        settings.remember(file)
    assert Settings(tmp_path).recent == (files[0].resolve(), files[1].resolve())


def test_actions_have_unique_ids_and_shortcuts():
    ids = [action.id for action in ACTIONS]
    keys = [action.shortcut for action in ACTIONS if action.shortcut]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)
