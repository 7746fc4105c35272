"""A download outlives the refreshes of other pages."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from streamlit import runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from components.streamlit_compat import media_files

CSV = "text/csv"


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MediaFileManager:
    media_file_manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(media_file_mgr=media_file_manager))
    return media_file_manager


def download(manager: MediaFileManager, content: bytes, *, stored: bool) -> str:
    """What a click on a download button does; the file's name in the manager."""

    def make_file() -> bytes:
        if stored:
            media_files.store_download(content, CSV, "rows.csv")
        return content

    placeholder = manager.add_deferred(make_file, CSV, "button", file_name="rows.csv")
    url = manager.execute_deferred(placeholder)
    return urlsplit(url).path.rpartition("/")[2].partition(".")[0]


def refresh_pages(manager: MediaFileManager) -> None:
    """What the end of a few script runs of any session does."""
    for _ in range(3):
        manager.clear_session_refs("session")
        manager.remove_orphaned_files()


@pytest.mark.parametrize(
    ("stored", "is_there"),
    [
        (True, True),
        # Once it is there without being stored, this module can go.
        (False, False),
    ],
)
def test_a_file_after_a_few_script_runs(manager: MediaFileManager, stored: bool, is_there: bool) -> None:  # noqa: FBT001
    file_id = download(manager, b"1,2", stored=stored)
    assert manager.read_file(file_id) is not None
    refresh_pages(manager)
    assert (manager.read_file(file_id) is not None) == is_there


def test_the_latest_files_are_kept_and_no_more(manager: MediaFileManager) -> None:
    file_ids = [download(manager, str(n).encode(), stored=True) for n in range(media_files.MAX_FILES + 2)]
    refresh_pages(manager)
    assert [manager.read_file(file_id) is not None for file_id in file_ids] == [False] * 2 + [
        True
    ] * media_files.MAX_FILES


def test_a_very_large_file_is_not_kept(manager: MediaFileManager, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_files, "MAX_STORED_BYTES", 2)
    file_id = download(manager, b"123", stored=True)
    refresh_pages(manager)
    assert manager.read_file(file_id) is None
