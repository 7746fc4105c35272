"""A file job's button starts it once, shows how far it is, offers the file, and starts again after a failure."""

from concurrent.futures import Future
from io import BytesIO

from streamlit.testing.v1 import AppTest

from otklik.reports.file_job import FileJob
from tests.support.waiting import SCRIPT_SECONDS


def report_page() -> None:
    import streamlit as st  # noqa: PLC0415 -- runs as a script of its own

    from components.export.file_job_button import FileOffer, file_job_button  # noqa: PLC0415

    state = st.session_state
    job = file_job_button(
        FileOffer(
            key="report",
            source=state.source,
            start=state.started.pop,
            start_label="Make it",
            download_label=lambda job: f"Download {job.done} rows",
            progress_text=lambda job: f"Stage {job.stage}",
            file_name="report.csv",
        )
    )
    st.write("ready" if job else "not ready")


def page_with(*jobs: FileJob) -> AppTest:
    page = AppTest.from_function(report_page, default_timeout=SCRIPT_SECONDS)
    page.session_state["source"] = "first list"
    page.session_state["started"] = list(reversed(jobs))
    return page.run()


def labels(page: AppTest, kind: str) -> list[str]:
    return [getattr(element, "label", "") or element.proto.label for element in page.get(kind)]


def running_job() -> FileJob:
    return FileJob("csv", total=4, done=1, stage="Map", future=Future())


def test_a_job_is_started_followed_and_offered() -> None:
    job = running_job()
    page = page_with(job)
    assert labels(page, "button") == ["Make it"]
    page.button(key="report").click().run()
    (bar,) = page.get("progress")
    assert (bar.proto.value, bar.proto.text) == (25, "Stage Map")
    page.run()
    assert labels(page, "button") == []
    job.done = 4
    job.future.set_result(BytesIO(b"rows"))
    page.run()
    assert labels(page, "download_button") == ["Download 4 rows"]
    assert page.markdown[0].value == "ready"
    assert job.content() == b"rows"


def test_after_a_failure_it_says_so_and_can_be_started_again() -> None:
    failed_job = running_job()
    page = page_with(failed_job, running_job())
    page.button(key="report").click().run()
    failed_job.future.set_exception(ValueError("broken"))
    page.run()
    assert [warning.value for warning in page.warning] == ["This panel can't be shown now."]
    page.button(key="report").click().run()
    page.run()
    assert len(page.warning) == 0
    assert len(page.get("progress")) == 1


def test_a_file_of_something_else_is_not_offered() -> None:
    job = running_job()
    job.future.set_result(BytesIO(b"rows"))
    page = page_with(job)
    page.button(key="report").click().run()
    page.run()
    page.session_state["source"] = "second list"
    page.run()
    assert labels(page, "download_button") == []
    assert labels(page, "button") == ["Make it"]
