-- Parsed articles are kept for some days after their batch was published, should the warehouse be found to lack it.
create index batches_published on batches (published_at) where state = 'published';
