-- How the pipeline did, for analysts: the tables of schema ops, which migrations make, and which file this is.

comment on table ops.quarantine is 'One row per staged row and rule that refused it, with the row itself.';
comment on column ops.quarantine.batch_id is 'Batch it came with.';
comment on column ops.quarantine.table_name is 'Table it was meant for.';
comment on column ops.quarantine.row_key is 'Key it would have there.';
comment on column ops.quarantine.rule is 'Expectation that refused it.';
comment on column ops.quarantine.source_id is 'Feed it came from.';
comment on column ops.quarantine.article_id is 'Article it belongs to.';
comment on column ops.quarantine.note is 'Why a reader would care.';
comment on column ops.quarantine.row_json is 'The row as it was staged.';
comment on column ops.quarantine.quarantined_at is 'When it was refused (UTC).';
comment on column ops.quarantine.refused_id is 'What the row goes by in `ingest quarantine`; the same for each rule.';
comment on column ops.quarantine.capture_id is 'Where the page it was read from lies in the archive.';
comment on column ops.quarantine.retried_at is 'When its page was read again (UTC); what was refused then is a row of its own.';
comment on column ops.quarantine.accepted_at is 'When a person accepted it (UTC); it is published since.';
comment on column ops.quarantine.accepted_why is 'Why, in that person''s words.';

comment on table ops.removed_articles is 'One row per article that was taken down; nothing else of it is left.';
comment on column ops.removed_articles.article_id is 'Key the article had.';
comment on column ops.removed_articles.source_id is 'Feed that first listed it.';
comment on column ops.removed_articles.url is 'Address it was known by.';
comment on column ops.removed_articles.why is 'Why it was removed, in the words of who removed it.';
comment on column ops.removed_articles.removed_at is 'When (UTC); since then it is not ingested again.';
comment on column ops.removed_articles.erased_at is 'When the archive and all tables were last rid of it (UTC); null while that is under way.';

comment on table ops.release is 'One row: which release this file is.';
comment on column ops.release.release_id is 'Key of the release; no two files that differ have the same.';
comment on column ops.release.released_at is 'When it was made (UTC).';

comment on table ops.migrations is 'One row per migration the pipeline''s file has been through.';
comment on column ops.migrations.number is 'Counts from 1; the highest is the version of the schema.';
comment on column ops.migrations.name is 'Name of its file.';
comment on column ops.migrations.applied_at is 'When it was run (UTC).';

comment on table ops.runs is 'One row per pass over the sources.';
comment on column ops.runs.run_id is 'Key of the run; begins with its time.';
comment on column ops.runs.started_at is 'When it began (UTC).';
comment on column ops.runs.ended_at is 'When it ended (UTC); null when it was killed or is under way.';
comment on column ops.runs.number is 'Counts the runs in the order in which they began.';

comment on table ops.entry_outcomes is 'One row per run and entry that came in.';
comment on column ops.entry_outcomes.run_id is 'The run.';
comment on column ops.entry_outcomes.entry_id is 'The entry: a story as a feed listed it.';
comment on column ops.entry_outcomes.source_id is 'The feed.';
comment on column ops.entry_outcomes.outcome is 'published, unchanged, quarantined, rejected or failed; null while under way.';
comment on column ops.entry_outcomes.reason is 'Why, in one word.';
comment on column ops.entry_outcomes.error_kind is 'Which of the few kinds of failure that is; null when it is none.';
comment on column ops.entry_outcomes.ended_at is 'When its way ended (UTC).';
comment on column ops.entry_outcomes.detail is 'Why, in a sentence, where its page could not be read.';

comment on table ops.polls is 'One row per visit to a feed.';
comment on column ops.polls.source_id is 'The feed.';
comment on column ops.polls.polled_at is 'When (UTC).';
comment on column ops.polls.outcome is 'served, unchanged or failed.';
comment on column ops.polls.reason is 'Why, in one word.';
comment on column ops.polls.error_kind is 'Which of the few kinds of failure that is; null when it is none.';
comment on column ops.polls.detail is 'What went wrong, in a sentence.';
comment on column ops.polls.status is 'HTTP status.';
comment on column ops.polls.feed_url is 'Address asked.';
comment on column ops.polls.final_url is 'Address that answered, or failed to, after redirects.';
comment on column ops.polls.etag is 'Version the server named; repeated in the next request.';
comment on column ops.polls.last_modified is 'Time of change the server named; repeated in the next request.';
comment on column ops.polls.body_hash is 'SHA-256 of the feed.';
comment on column ops.polls.entries_listed is 'Entries in the feed.';
comment on column ops.polls.entries_found is 'New or changed ones among them.';
comment on column ops.polls.received_bytes is 'Bytes of the body as sent.';
comment on column ops.polls.elapsed_ms is 'Milliseconds that servers took to answer, redirects included, also where it failed.';
comment on column ops.polls.failures_in_a_row is 'Failed visits up to and with this one.';
comment on column ops.polls.lag_seconds is 'How long after they were published its new entries were found, in the middle of them; null where none says.';
comment on column ops.polls.next_poll_at is 'Not to be asked before (UTC); null when any time will do.';
comment on column ops.polls.run_number is 'Number of the run that had begun last; it orders rows also where a clock was wrong.';
comment on column ops.polls.capture_id is 'Where the answer lies in the archive, also one that could not be read.';

comment on table ops.fetches is 'One row per visit to an entry''s page.';
comment on column ops.fetches.entry_id is 'The entry.';
comment on column ops.fetches.source_id is 'The feed that listed it.';
comment on column ops.fetches.url is 'Address asked.';
comment on column ops.fetches.fetched_at is 'When (UTC).';
comment on column ops.fetches.status is 'HTTP status.';
comment on column ops.fetches.final_url is 'Address that answered, or failed to, after redirects.';
comment on column ops.fetches.reason is 'Why it failed, in one word; null when it was served.';
comment on column ops.fetches.error_kind is 'Which of the few kinds of failure that is; null when it is none.';
comment on column ops.fetches.detail is 'Why it failed, in a sentence.';
comment on column ops.fetches.retry_at is 'When it is worth another visit (UTC).';
comment on column ops.fetches.received_bytes is 'Bytes of the body as sent.';
comment on column ops.fetches.elapsed_ms is 'Milliseconds that servers took to answer, redirects included, also where it failed.';
comment on column ops.fetches.run_number is 'Number of the run that had begun last; it orders rows also where a clock was wrong.';
comment on column ops.fetches.capture_id is 'Where the answer lies in the archive, also one that was an error.';

comment on table ops.captures is 'One row per response in the archive.';
comment on column ops.captures.capture_id is 'Key of the response.';
comment on column ops.captures.url is 'Address that answered.';
comment on column ops.captures.captured_at is 'When (UTC).';
comment on column ops.captures.status is 'HTTP status; 0 where the server sent bytes, but did not come to one.';
comment on column ops.captures.payload_hash is 'SHA-256 of the decompressed body.';
comment on column ops.captures.warc_file is 'File in the archive folder.';
comment on column ops.captures.warc_offset is 'First byte of the record in it.';
comment on column ops.captures.warc_length is 'Bytes of the record.';
comment on column ops.captures.removed_at is 'When that file was removed, and the page with it (UTC); null while it is kept.';

comment on table ops.batches is 'One row per source and run that staged something.';
comment on column ops.batches.batch_id is 'Key of the batch.';
comment on column ops.batches.run_id is 'The run.';
comment on column ops.batches.source_id is 'The feed.';
comment on column ops.batches.staged_at is 'When it was staged (UTC).';
comment on column ops.batches.judged_at is 'When it was judged (UTC).';
comment on column ops.batches.published_at is 'When it was published (UTC).';
comment on column ops.batches.articles is 'Articles staged with new content.';
comment on column ops.batches.figures is 'Figures staged.';
comment on column ops.batches.state is 'proposed (read again, to be looked at), staged, validated, rejected or published.';
comment on column ops.batches.is_reread is 'Whether it was read again from the archive.';

comment on table ops.validations is 'One row per batch and expectation.';
comment on column ops.validations.batch_id is 'The batch; of suite warehouse, the time it was judged.';
comment on column ops.validations.suite is 'The staged table judged, or warehouse: all that is published, as a whole.';
comment on column ops.validations.rule is 'Name of the expectation.';
comment on column ops.validations.severity is 'critical stops the batch, warning quarantines rows, info is counted.';
comment on column ops.validations.passed is 'Whether it held.';
comment on column ops.validations.checked is 'Rows looked at.';
comment on column ops.validations.unexpected is 'Rows that failed.';
comment on column ops.validations.observed is 'What was found.';
comment on column ops.validations.note is 'Why a reader would care.';
comment on column ops.validations.judged_at is 'When (UTC).';

comment on table ops.alerts is 'One row per alert, from the moment something broke to the moment it is over.';
comment on column ops.alerts.alert_id is 'Key of the alert.';
comment on column ops.alerts.fingerprint is 'The same trouble at the same source has the same one.';
comment on column ops.alerts.source_id is 'The feed it is about.';
comment on column ops.alerts.severity is 'critical, warning or info.';
comment on column ops.alerts.title is 'What broke.';
comment on column ops.alerts.body is 'What was found, and where to look closer.';
comment on column ops.alerts.opened_at is 'Since when (UTC).';
comment on column ops.alerts.last_seen_at is 'When it was last seen to be so (UTC).';
comment on column ops.alerts.told_at is 'When a message about it was last written (UTC).';
comment on column ops.alerts.reminders is 'Reminders since it last opened.';
comment on column ops.alerts.returns is 'Times it came back soon after it was over; from the second on it is unsteady.';
comment on column ops.alerts.quiet_since is 'Unsteady and over for now, since then (UTC); it ends when that lasts.';
comment on column ops.alerts.resolved_at is 'When it was over (UTC); null while it is not.';

comment on table ops.events is 'One row per thing that happened.';
comment on column ops.events.event_id is 'Key of the event.';
comment on column ops.events.name is 'noun.verb, in the past tense.';
comment on column ops.events.occurred_at is 'When (UTC).';
comment on column ops.events.source_id is 'The feed it is about.';
comment on column ops.events.payload is 'Keys and counts, always complete.';
comment on column ops.events.sent_at is 'When listeners were told (UTC).';

comment on table ops.known_feeds is 'One row per source: its feed as it last was.';
comment on column ops.known_feeds.source_id is 'The source.';
comment on column ops.known_feeds.listed_url is 'Address its owner listed; with another one listed, this row no longer counts.';
comment on column ops.known_feeds.feed_url is 'Where the feed lives now, after permanent redirects and searches.';
comment on column ops.known_feeds.format is 'rss20, atom10, json11, sitemap, sitemapindex and so on; section: no feed, a page that lists articles.';
comment on column ops.known_feeds.ttl_seconds is 'How long the feed says it stays fresh.';
comment on column ops.known_feeds.skip_hours is 'Hours (UTC) in which the feed asks not to be visited.';
comment on column ops.known_feeds.skip_days is 'Days (UTC) on which the feed asks not to be visited.';
comment on column ops.known_feeds.site_url is 'Where the feed says that its site is.';
comment on column ops.known_feeds.hub_urls is 'Hubs that it says push it.';
comment on column ops.known_feeds.topic_url is 'What hubs know it by.';
comment on column ops.known_feeds.listing_state is 'What each of its section pages told last (ETag, Last-Modified, hash), as JSON by address.';
comment on column ops.known_feeds.gone_at is 'When its server said that it is gone for good (UTC); it is not asked since.';

comment on table ops.host_visits is 'One row per run and host: what was asked of it, and how it answered.';
comment on column ops.host_visits.run_id is 'The run.';
comment on column ops.host_visits.host is 'Host, with its port where that is not the usual one.';
comment on column ops.host_visits.requests is 'Requests sent, robots.txt and redirects included.';
comment on column ops.host_visits.not_modified is 'Answers with 304.';
comment on column ops.host_visits.throttled is 'Answers with 429, or with a refusal that names a time to come back.';
comment on column ops.host_visits.failed is 'Requests that got no answer, or no whole one.';
comment on column ops.host_visits.received_bytes is 'Bytes of the bodies as sent.';

comment on table ops.backfills is 'One row per source, range of days and address a backfill goes through.';
comment on column ops.backfills.source_id is 'The source.';
comment on column ops.backfills.first_day is 'First day wanted (UTC).';
comment on column ops.backfills.last_day is 'Last day wanted (UTC).';
comment on column ops.backfills.address is 'Sitemap, or page of a feed''s archive.';
comment on column ops.backfills.listed_at is 'When it was found out that it exists (UTC).';
comment on column ops.backfills.visited_at is 'When it was read (UTC); null while it waits.';
comment on column ops.backfills.reason is 'Why it could not be read, in one word.';
comment on column ops.backfills.entries_found is 'New entries of the range it brought.';

create table ops.shape (
  tables varchar not null,
  extras varchar
);
comment on table ops.shape is 'One row: by which SQL this file was made; where that is another now, it is made anew.';
comment on column ops.shape.tables is 'Hash of the SQL that makes its tables.';
comment on column ops.shape.extras is 'Hash of the SQL that makes its views and its index of words, and of its exchange rates; null until they are there.';

comment on table ops.copies is 'One row per article that prints an earlier one''s story; the pipeline''s own.';
comment on column ops.copies.article_id is 'The article.';
comment on column ops.copies.earliest_id is 'The earliest article that it resembles; articles.duplicate_of follows this to the original.';
comment on column ops.copies.earliest_seen_at is 'When that was first seen (UTC).';

comment on table ops.published_batches is 'One row per batch that was published.';
comment on column ops.published_batches.batch_id is 'The batch.';
comment on column ops.published_batches.published_at is 'When (UTC).';

comment on table ops.settlements is 'One row per publication whose end the state may not know of yet; the pipeline''s own.';
comment on column ops.settlements.batch_id is 'The batch.';
comment on column ops.settlements.settled is 'What the state is to record.';

comment on table ops.unreleased is 'One row per article that has changed since the last release; the pipeline''s own.';
comment on column ops.unreleased.article_id is 'The article.';

comment on table ops.rough_rates is 'One row per currency: about what one US dollar was, by which the pipeline tells improbable amounts.';
comment on column ops.rough_rates.currency is 'ISO 4217.';
comment on column ops.rough_rates.per_usd is 'How many of it, to the order of magnitude.';
comment on column ops.rough_rates.as_of is 'When.';
comment on column ops.rough_rates.source is 'Where that is known from.';

comment on table ops.warehouse_id is 'One row: what the state knows this warehouse by.';
comment on column ops.warehouse_id.warehouse_id is 'Key, made by chance.';
