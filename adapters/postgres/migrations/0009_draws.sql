-- A decision counts the places of its services, with their courses and held-back places, whichever programme took them.
CREATE INDEX place_service ON waymark.place (split_part(service, '#', 1));
