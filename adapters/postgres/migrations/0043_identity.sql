-- Which store this is and whether anything may leave it is read by whoever sends, and by nobody at a door or on a page. What the
-- tables tell the journal they tell with their owner's rights.
REVOKE ALL ON waymark.identity FROM waymark_intake, waymark_reader;
