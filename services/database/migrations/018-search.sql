-- expand
-- What searches by price and by a venue that is in no directory are read by.
ALTER TABLE events ADD KEY ix_events_price_starts_at_id (price_min_minor, starts_at, id);

ALTER TABLE event_places ADD KEY ix_event_places_venue_name (venue_name);
