"""Examinations that ask others: newsrooms, receivers of alerts, a Prefect server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from . import Finding, fine, wrong

if TYPE_CHECKING:
    from ...core.settings import Settings

FEEDS_SECONDS = 120.0  # in which all feeds are asked, or left out


def prefect(settings: "Settings") -> Iterator[Finding]:
    """Ask the Prefect server that is configured, or start one of our own as a run does."""
    from ...core.settings import prefect_api_url, prefect_authorization
    from ...flows.prefect_api import server_version
    from ..own_server import home_of, prefect_api

    if url := prefect_api_url():
        yield fine(f"version {server_version(url, prefect_authorization())} at {url}")
        return
    with prefect_api(settings) as api:
        address = api.answering()
        if api.is_ours:
            yield fine(
                f"no server configured: each run starts its own, and it starts; its state is in {home_of(settings)[0]}"
            )
        else:
            yield fine(f"{address}, which a profile names, answers")


def feeds(settings: "Settings") -> Iterator[Finding]:
    """Ask every feed once, for two minutes at most."""
    from ...pipeline.wiring import open_world
    from ..sources import visit

    with open_world(warehouse=str(settings.warehouse), sources=settings.sources and str(settings.sources)) as world:
        rows = world.state.read("metrics_sources", {"source_ids": list(world.sources)})
        answered = {row["source_id"]: row["answered_at"] for row in rows}
        pool = ThreadPoolExecutor(settings.hosts_at_once)
        asked = {pool.submit(visit, source, world): key for key, source in world.sources.items()}
        done, late = wait(asked, FEEDS_SECONDS)
        pool.shutdown(cancel_futures=True)  # those under way end within INGEST_REQUEST_SECONDS
    told = sorted((one.result() for one in done if not one.cancelled()), key=lambda one: str(one["source_id"]))
    failed = [one for one in told if one["outcome"] == "failed"]
    for one in failed:
        to_do = f"open it in a browser; if it moved, `ingest sources add` its site and drop {one['source_id']}"
        yield wrong(f"{one['source_id']}: {one['said']}", to_do, since=answered.get(one["source_id"]))
    if late:
        said = f"{len(late)} feeds were not asked within {FEEDS_SECONDS:g} s"
        yield fine(said, "`ingest sources check` asks all")
    yield fine(f"{len(told) - len(failed)} feeds answer")


def test_messages(settings: "Settings") -> Iterator[Finding]:
    """Send every receiver of alerts a message."""
    from ...alerts.channels import AppriseNotifier
    from ...core.errors import Undelivered
    from ...core.messages import LOG, Message, Notification
    from ...pipeline.wiring import new_run_id, utc_now

    notifier = AppriseNotifier([address.get_secret_value() for address in settings.alert_addresses])
    others = [receiver for receiver in notifier.receivers if receiver != LOG]
    message = Message(
        message_id=new_run_id(utc_now()),
        alert_id="test",
        moment="opened",
        title="A test of the news pipeline's alerts",
        body="Somebody ran `ingest doctor --send-test`. Nothing is wrong; there is nothing to do.",
        severity="info",
    )
    for place, receiver in enumerate(others, 1):
        try:
            notifier.deliver(Notification(message=message, receiver=receiver))
        except Undelivered as error:
            yield wrong(
                f"alert address {place} did not take a test message: {error}", "fix it in INGEST_ALERT_ADDRESSES"
            )
        else:
            yield fine(f"alert address {place} took a test message", "see whether it arrived")
    if not others:
        yield fine("no address to send a test message to", "set INGEST_ALERT_ADDRESSES")
