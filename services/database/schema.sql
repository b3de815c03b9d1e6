CREATE TABLE `account_events` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `actor_id` int(10) unsigned DEFAULT NULL,
  `what` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `detail` varchar(255) NOT NULL DEFAULT '',
  `happened_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_account_events_user` (`user_id`,`id`),
  KEY `fk_account_events_actor` (`actor_id`),
  CONSTRAINT `fk_account_events_actor` FOREIGN KEY (`actor_id`) REFERENCES `users` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_account_events_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `alerts` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `artist_slug` varchar(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'as artists.slug; empty for any',
  `artist_name` varchar(160) NOT NULL DEFAULT '',
  `genre_id` smallint(5) unsigned NOT NULL DEFAULT 0 COMMENT 'genres.id; 0 for any',
  `city` varchar(64) NOT NULL DEFAULT '' COMMENT 'cities.name; empty for anywhere',
  `radius_km` int(10) unsigned NOT NULL DEFAULT 0 COMMENT 'around the city; 0 for the city alone',
  `created_at` datetime(3) NOT NULL,
  `paused_at` datetime(3) DEFAULT NULL,
  `checked_at` datetime(3) NOT NULL COMMENT 'what was announced before is known',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_alerts_wish` (`user_id`,`artist_slug`,`genre_id`,`city`,`radius_km`),
  KEY `ix_alerts_artist` (`artist_slug`),
  CONSTRAINT `fk_alerts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_alerts_wish` CHECK (`artist_slug` <> '' or `genre_id` > 0),
  CONSTRAINT `ck_alerts_radius` CHECK (`radius_km` = 0 or `city` <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `alert_notices` (
  `user_id` int(10) unsigned NOT NULL,
  `event_id` int(10) unsigned NOT NULL,
  `alert_id` int(10) unsigned DEFAULT NULL COMMENT 'the first that it fitted',
  `found_at` datetime(3) NOT NULL,
  `mail_id` bigint(20) unsigned DEFAULT NULL COMMENT 'mail_outbox.id',
  `told_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`user_id`,`event_id`),
  KEY `ix_alert_notices_user_found` (`user_id`,`found_at`),
  KEY `ix_alert_notices_told_mail` (`told_at`,`mail_id`),
  KEY `ix_alert_notices_mail` (`mail_id`),
  KEY `fk_alert_notices_event` (`event_id`),
  KEY `fk_alert_notices_alert` (`alert_id`),
  CONSTRAINT `fk_alert_notices_alert` FOREIGN KEY (`alert_id`) REFERENCES `alerts` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_alert_notices_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_alert_notices_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `alert_unsubscribes` (
  `token_hash` binary(32) NOT NULL,
  `user_id` int(10) unsigned NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  PRIMARY KEY (`token_hash`),
  KEY `ix_alert_unsubscribes_expires_at` (`expires_at`),
  KEY `fk_alert_unsubscribes_user` (`user_id`),
  CONSTRAINT `fk_alert_unsubscribes_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `api_penalties` (
  `api` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `closed_until` datetime(3) NOT NULL,
  PRIMARY KEY (`api`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `artists` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `slug` varchar(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the name without case, marks of Latin letters and signs',
  `name` varchar(160) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_artists_slug` (`slug`),
  KEY `ix_artists_name` (`name`),
  FULLTEXT KEY `ft_artists_name` (`name`),
  CONSTRAINT `ck_artists_slug` CHECK (`slug` <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `artist_follows` (
  `user_id` int(10) unsigned NOT NULL,
  `artist_id` int(10) unsigned NOT NULL,
  `followed_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`user_id`,`artist_id`),
  KEY `ix_artist_follows_artist` (`artist_id`,`user_id`),
  CONSTRAINT `fk_artist_follows_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_artist_follows_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `calendar_feeds` (
  `user_id` int(10) unsigned NOT NULL,
  `token_hash` binary(32) NOT NULL,
  `created_at` datetime(3) NOT NULL,
  `read_at` datetime(3) DEFAULT NULL COMMENT 'to the hour',
  PRIMARY KEY (`user_id`),
  UNIQUE KEY `uq_calendar_feeds_token` (`token_hash`),
  CONSTRAINT `fk_calendar_feeds_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `cities` (
  `name` varchar(64) NOT NULL,
  `county` varchar(64) NOT NULL,
  `position` point NOT NULL,
  PRIMARY KEY (`name`),
  SPATIAL KEY `sp_cities_position` (`position`),
  CONSTRAINT `ck_cities_position` CHECK (st_x(`position`) between -180 and 180 and st_y(`position`) between -90 and 90)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `contact_requests` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `plan_id` int(10) unsigned DEFAULT NULL,
  `kind` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `item_id` int(10) unsigned NOT NULL,
  `name` varchar(160) NOT NULL,
  `message` varchar(4000) NOT NULL,
  `status` varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting',
  `reason` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'why it was not sent',
  `note` varchar(500) DEFAULT NULL,
  `mail_id` bigint(20) unsigned NOT NULL COMMENT 'mail_outbox.id',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `sent_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_contact_requests_user` (`user_id`,`id`),
  KEY `ix_contact_requests_item` (`user_id`,`kind`,`item_id`),
  KEY `ix_contact_requests_status` (`status`,`id`),
  KEY `fk_contact_requests_plan` (`plan_id`),
  CONSTRAINT `fk_contact_requests_plan` FOREIGN KEY (`plan_id`) REFERENCES `event_plans` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_contact_requests_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_contact_requests_kind` CHECK (`kind` in ('dj','venue')),
  CONSTRAINT `ck_contact_requests_status` CHECK (`status` in ('waiting','sent','failed','answered','agreed','declined'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `directory_audit` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `subject` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `subject_id` int(10) unsigned NOT NULL,
  `action` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `actor_id` int(10) unsigned NOT NULL COMMENT 'users.id',
  `actor_role` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `fields` text NOT NULL COMMENT 'JSON: what was written; of contact data the names alone',
  `request_id` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`id`),
  KEY `ix_directory_audit_subject_id` (`subject`,`subject_id`,`id`),
  CONSTRAINT `ck_directory_audit_subject` CHECK (`subject` in ('dj','venue','event','match','source'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `djs` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `slug` varchar(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(160) NOT NULL,
  `bio` text DEFAULT NULL,
  `city` varchar(64) NOT NULL,
  `fee_minor` int(10) unsigned DEFAULT NULL COMMENT 'asked for a night, in minor units; null when not known',
  `currency` char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `owner_id` int(10) unsigned DEFAULT NULL COMMENT 'users.id of the organizer who keeps it; null: all of them',
  `version` int(10) unsigned NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_djs_slug` (`slug`),
  KEY `ix_djs_name_id` (`name`,`id`),
  KEY `ix_djs_city_name_id` (`city`,`name`,`id`),
  KEY `ix_djs_currency_fee_name_id` (`currency`,`fee_minor`,`name`,`id`),
  FULLTEXT KEY `ft_djs_text` (`name`,`bio`),
  CONSTRAINT `fk_djs_city` FOREIGN KEY (`city`) REFERENCES `cities` (`name`) ON UPDATE CASCADE,
  CONSTRAINT `ck_djs_slug` CHECK (`slug` regexp '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT `ck_djs_name` CHECK (`name` <> ''),
  CONSTRAINT `ck_djs_currency` CHECK (`currency` regexp '^[A-Z]{3}$')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `dj_contacts` (
  `dj_id` int(10) unsigned NOT NULL,
  `email` varchar(254) DEFAULT NULL,
  `phone` varchar(32) DEFAULT NULL,
  `instagram` varchar(32) DEFAULT NULL,
  `website` varchar(500) DEFAULT NULL,
  `note` varchar(500) DEFAULT NULL,
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  PRIMARY KEY (`dj_id`),
  CONSTRAINT `fk_dj_contacts_dj` FOREIGN KEY (`dj_id`) REFERENCES `djs` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `dj_genres` (
  `dj_id` int(10) unsigned NOT NULL,
  `genre_id` smallint(5) unsigned NOT NULL,
  PRIMARY KEY (`dj_id`,`genre_id`),
  KEY `ix_dj_genres_genre_dj` (`genre_id`,`dj_id`),
  CONSTRAINT `fk_dj_genres_dj` FOREIGN KEY (`dj_id`) REFERENCES `djs` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_dj_genres_genre` FOREIGN KEY (`genre_id`) REFERENCES `genres` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `dj_windows` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `dj_id` int(10) unsigned NOT NULL,
  `kind` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `starts_at` datetime(3) NOT NULL COMMENT 'UTC',
  `ends_at` datetime(3) NOT NULL COMMENT 'UTC',
  `created_by` int(10) unsigned NOT NULL COMMENT 'users.id',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_dj_windows_dj_kind_start` (`dj_id`,`kind`,`starts_at`),
  KEY `ix_dj_windows_kind_start` (`kind`,`starts_at`,`ends_at`,`dj_id`),
  CONSTRAINT `fk_dj_windows_dj` FOREIGN KEY (`dj_id`) REFERENCES `djs` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_dj_windows_kind` CHECK (`kind` in ('available','booked')),
  CONSTRAINT `ck_dj_windows_ends_at` CHECK (`ends_at` > `starts_at`),
  CONSTRAINT `ck_dj_windows_length` CHECK (`ends_at` <= `starts_at` + interval 92 day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `events` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `uid` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `title` varchar(300) NOT NULL,
  `description` text DEFAULT NULL,
  `starts_at` datetime(3) NOT NULL COMMENT 'UTC',
  `ends_at` datetime(3) DEFAULT NULL COMMENT 'UTC',
  `city` varchar(64) NOT NULL,
  `venue_id` int(10) unsigned DEFAULT NULL,
  `status` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'scheduled',
  `price_min_minor` int(10) unsigned DEFAULT NULL COMMENT 'in minor units; 0 is free, null is not known',
  `price_max_minor` int(10) unsigned DEFAULT NULL,
  `currency` char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217',
  `age_min` tinyint(3) unsigned DEFAULT NULL,
  `ticket_url` varchar(2048) DEFAULT NULL,
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `merged_into` int(10) unsigned DEFAULT NULL COMMENT 'the event that this one turned out to be',
  `withdrawn_at` datetime(3) DEFAULT NULL COMMENT 'since when no source has it any more',
  `image_url` varchar(2048) DEFAULT NULL,
  `digest` char(43) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'of what was merged last; null: no source has it',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_events_uid` (`uid`),
  KEY `ix_events_starts_at_id` (`starts_at`,`id`),
  KEY `ix_events_city_starts_at_id` (`city`,`starts_at`,`id`),
  KEY `ix_events_venue_starts_at_id` (`venue_id`,`starts_at`,`id`),
  KEY `ix_events_merged_into` (`merged_into`),
  KEY `ix_events_price_starts_at_id` (`price_min_minor`,`starts_at`,`id`),
  KEY `ix_events_created_at` (`created_at`),
  FULLTEXT KEY `ft_events_text` (`title`,`description`),
  CONSTRAINT `fk_events_city` FOREIGN KEY (`city`) REFERENCES `cities` (`name`) ON UPDATE CASCADE,
  CONSTRAINT `fk_events_venue` FOREIGN KEY (`venue_id`) REFERENCES `venues` (`id`) ON DELETE SET NULL,
  CONSTRAINT `ck_events_uid` CHECK (`uid` <> ''),
  CONSTRAINT `ck_events_title` CHECK (`title` <> ''),
  CONSTRAINT `ck_events_ends_at` CHECK (`ends_at` > `starts_at`),
  CONSTRAINT `ck_events_status` CHECK (`status` in ('scheduled','postponed','cancelled')),
  CONSTRAINT `ck_events_price` CHECK (`price_max_minor` >= `price_min_minor`),
  CONSTRAINT `ck_events_currency` CHECK (`currency` regexp '^[A-Z]{3}$'),
  CONSTRAINT `ck_events_ticket_url` CHECK (`ticket_url` like 'https://_%' or `ticket_url` like 'http://_%')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_artists` (
  `event_id` int(10) unsigned NOT NULL,
  `artist_id` int(10) unsigned NOT NULL,
  `position` tinyint(3) unsigned NOT NULL COMMENT '0 is the headliner',
  PRIMARY KEY (`event_id`,`artist_id`),
  KEY `ix_event_artists_artist_event` (`artist_id`,`event_id`),
  CONSTRAINT `fk_event_artists_artist` FOREIGN KEY (`artist_id`) REFERENCES `artists` (`id`),
  CONSTRAINT `fk_event_artists_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_genres` (
  `event_id` int(10) unsigned NOT NULL,
  `genre_id` smallint(5) unsigned NOT NULL,
  PRIMARY KEY (`event_id`,`genre_id`),
  KEY `ix_event_genres_genre_event` (`genre_id`,`event_id`),
  CONSTRAINT `fk_event_genres_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_event_genres_genre` FOREIGN KEY (`genre_id`) REFERENCES `genres` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_hides` (
  `user_id` int(10) unsigned NOT NULL,
  `event_id` int(10) unsigned NOT NULL,
  `hidden_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`user_id`,`event_id`),
  KEY `ix_event_hides_event_hidden_at` (`event_id`,`hidden_at`),
  CONSTRAINT `fk_event_hides_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_event_hides_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_places` (
  `event_id` int(10) unsigned NOT NULL,
  `venue_name` varchar(160) DEFAULT NULL COMMENT 'as the source has it',
  `position` point NOT NULL COMMENT 'POINT(longitude latitude), WGS 84 degrees',
  PRIMARY KEY (`event_id`),
  SPATIAL KEY `sp_event_places_position` (`position`),
  KEY `ix_event_places_venue_name` (`venue_name`),
  CONSTRAINT `fk_event_places_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_plans` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `name` varchar(160) NOT NULL,
  `city` varchar(64) DEFAULT NULL,
  `starts_at` datetime(3) DEFAULT NULL COMMENT 'UTC',
  `ends_at` datetime(3) DEFAULT NULL COMMENT 'UTC',
  `capacity` int(10) unsigned DEFAULT NULL COMMENT 'people who are to find room',
  `budget_max_minor` int(10) unsigned DEFAULT NULL COMMENT 'cents that a DJ may cost',
  `genres` text NOT NULL,
  `gear_needs` text NOT NULL,
  `vibe_tags` text NOT NULL,
  `notes` varchar(2000) DEFAULT NULL,
  `version` int(10) unsigned NOT NULL DEFAULT 1,
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  PRIMARY KEY (`id`),
  KEY `ix_event_plans_user` (`user_id`,`id`),
  KEY `fk_event_plans_city` (`city`),
  CONSTRAINT `fk_event_plans_city` FOREIGN KEY (`city`) REFERENCES `cities` (`name`) ON UPDATE CASCADE,
  CONSTRAINT `fk_event_plans_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_event_plans_span` CHECK (`starts_at` is null = (`ends_at` is null) and `ends_at` > `starts_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_saves` (
  `user_id` int(10) unsigned NOT NULL,
  `event_id` int(10) unsigned NOT NULL,
  `saved_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`user_id`,`event_id`),
  KEY `ix_event_saves_event_saved_at` (`event_id`,`saved_at`),
  CONSTRAINT `fk_event_saves_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_event_saves_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_sources` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `source` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `source_id` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `event_id` int(10) unsigned DEFAULT NULL,
  `scope` varchar(64) NOT NULL COMMENT 'what was asked when it came: a city, or all',
  `city` varchar(64) NOT NULL,
  `night` date NOT NULL,
  `former_night` date DEFAULT NULL COMMENT 'before it was moved',
  `starts_at` datetime(3) NOT NULL COMMENT 'UTC',
  `former_starts_at` datetime(3) DEFAULT NULL COMMENT 'UTC',
  `fields` mediumtext NOT NULL COMMENT 'JSON',
  `digest` char(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the fields',
  `missed` tinyint(3) unsigned NOT NULL DEFAULT 0 COMMENT 'complete answers of the source without it, one after another',
  `pending` tinyint(3) unsigned NOT NULL DEFAULT 1 COMMENT '1: not yet part of an event as it is now',
  `first_seen_at` datetime(3) NOT NULL,
  `last_seen_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_event_sources_source_id` (`source`,`source_id`),
  KEY `ix_event_sources_event` (`event_id`),
  KEY `ix_event_sources_city_night` (`city`,`night`),
  KEY `ix_event_sources_city_former_night` (`city`,`former_night`),
  KEY `ix_event_sources_pending` (`pending`,`city`,`night`),
  KEY `ix_event_sources_scope_start` (`source`,`scope`,`starts_at`),
  CONSTRAINT `fk_event_sources_city` FOREIGN KEY (`city`) REFERENCES `cities` (`name`) ON UPDATE CASCADE,
  CONSTRAINT `fk_event_sources_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `event_undone` (
  `user_id` int(10) unsigned NOT NULL,
  `event_id` int(10) unsigned NOT NULL,
  `kind` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `since` datetime(3) NOT NULL COMMENT 'the time of the mark that was taken off',
  `undone_at` datetime(3) NOT NULL,
  PRIMARY KEY (`user_id`,`event_id`,`kind`),
  KEY `ix_event_undone_event_undone_at` (`event_id`,`undone_at`),
  CONSTRAINT `fk_event_undone_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_event_undone_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_event_undone_kind` CHECK (`kind` in ('save','hide'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `exchange_rates` (
  `currency` char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 4217',
  `per_euro` decimal(18,6) NOT NULL,
  `published_on` date NOT NULL,
  `fetched_at` datetime(3) NOT NULL,
  PRIMARY KEY (`currency`),
  CONSTRAINT `ck_exchange_rates_currency` CHECK (`currency` regexp '^[A-Z]{3}$'),
  CONSTRAINT `ck_exchange_rates_per_euro` CHECK (`per_euro` > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `experiments` (
  `id` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `variants` text NOT NULL COMMENT 'JSON: name, share, ranking',
  `state` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'running',
  `created_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `ck_experiments_state` CHECK (`state` in ('running','ended'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `exposures` (
  `id` char(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `user_id` int(10) unsigned DEFAULT NULL,
  `model_version` varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `experiment` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `variant` varchar(32) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `events` text NOT NULL COMMENT 'JSON: their numbers in the order shown',
  `shown_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_exposures_experiment_variant` (`experiment`,`variant`,`user_id`),
  KEY `ix_exposures_shown_at` (`shown_at`),
  KEY `fk_exposures_user` (`user_id`),
  CONSTRAINT `fk_exposures_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `feedback` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `event_id` int(10) unsigned NOT NULL,
  `action` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `exposure_id` char(22) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `position` smallint(5) unsigned DEFAULT NULL COMMENT 'in the list shown, from 1',
  `at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_feedback_user_event` (`user_id`,`event_id`,`id`),
  KEY `ix_feedback_event_at` (`event_id`,`at`),
  KEY `ix_feedback_exposure` (`exposure_id`,`action`),
  CONSTRAINT `fk_feedback_event` FOREIGN KEY (`event_id`) REFERENCES `events` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_feedback_exposure` FOREIGN KEY (`exposure_id`) REFERENCES `exposures` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_feedback_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_feedback_action` CHECK (`action` in ('save','unsave','hide','unhide','click','calendar','up','down'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `feeds` (
  `id` char(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `user_id` int(10) unsigned NOT NULL,
  `lines_json` mediumtext NOT NULL COMMENT 'JSON: numbers of events with score and reasons, best first',
  `is_personal` tinyint(3) unsigned NOT NULL,
  `degraded` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'who had not answered',
  `made_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_feeds_made_at` (`made_at`),
  KEY `ix_feeds_user` (`user_id`,`made_at`),
  CONSTRAINT `fk_feeds_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `genres` (
  `id` smallint(5) unsigned NOT NULL AUTO_INCREMENT,
  `slug` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(64) NOT NULL,
  `parent_id` smallint(5) unsigned DEFAULT NULL COMMENT 'the family, for a genre that belongs to one',
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_genres_slug` (`slug`),
  UNIQUE KEY `uq_genres_name` (`name`),
  KEY `ix_genres_parent` (`parent_id`),
  CONSTRAINT `fk_genres_parent` FOREIGN KEY (`parent_id`) REFERENCES `genres` (`id`),
  CONSTRAINT `ck_genres_slug` CHECK (`slug` regexp '^[a-z0-9]+(-[a-z0-9]+)*$')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `idempotency_keys` (
  `owner` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'user:5',
  `operation` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `idempotency_key` varchar(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `fingerprint` char(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of what was asked',
  `answer` mediumtext NOT NULL COMMENT 'JSON',
  `expires_at` datetime(3) NOT NULL,
  PRIMARY KEY (`owner`,`operation`,`idempotency_key`),
  KEY `ix_idempotency_keys_expires_at` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `ingestions` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `source` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `scope` varchar(64) NOT NULL,
  `started_at` datetime(3) NOT NULL,
  `ended_at` datetime(3) NOT NULL,
  `events` int(10) unsigned NOT NULL COMMENT 'rows that were good',
  `changed` int(10) unsigned NOT NULL COMMENT 'of these, new ones or others than before',
  `elsewhere` int(10) unsigned NOT NULL COMMENT 'rows of places that are not ours',
  `bad` int(10) unsigned NOT NULL,
  `bad_rows` text DEFAULT NULL COMMENT 'JSON: the first of them, with reasons',
  `missing` int(10) unsigned NOT NULL COMMENT 'known ones that the source has no more',
  `error` varchar(500) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_ingestions_started_at` (`started_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `local_events` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `owner_id` int(10) unsigned DEFAULT NULL COMMENT 'users.id of the organizer who keeps it',
  `venue_id` int(10) unsigned DEFAULT NULL COMMENT 'as the organizer chose it; null: named by hand, or not at all',
  `version` int(10) unsigned NOT NULL DEFAULT 1,
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`id`),
  KEY `ix_local_events_owner` (`owner_id`,`id`),
  KEY `fk_local_events_venue` (`venue_id`),
  CONSTRAINT `fk_local_events_venue` FOREIGN KEY (`venue_id`) REFERENCES `venues` (`id`) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `mail_outbox` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  `kind` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `recipient` varchar(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `data` text NOT NULL COMMENT 'JSON',
  `state` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting',
  `attempts` int(10) unsigned NOT NULL DEFAULT 0,
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `due_at` datetime(3) NOT NULL,
  `expires_at` datetime(3) NOT NULL COMMENT 'later it is of no use',
  `claim` char(22) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `settled_at` datetime(3) DEFAULT NULL,
  `reason` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'why it was not sent',
  PRIMARY KEY (`id`),
  KEY `ix_mail_outbox_state_due_at` (`state`,`due_at`),
  KEY `ix_mail_outbox_claim` (`claim`),
  CONSTRAINT `ck_mail_outbox_state` CHECK (`state` in ('waiting','sent','failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `mail_senders` (
  `id` tinyint(3) unsigned NOT NULL DEFAULT 1,
  `is_configured` tinyint(3) unsigned NOT NULL,
  `told_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `ck_mail_senders_one` CHECK (`id` = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `match_decisions` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `kind` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `one_id` int(10) unsigned NOT NULL COMMENT 'event_sources.id, the smaller one',
  `other_id` int(10) unsigned NOT NULL,
  `reason` varchar(500) NOT NULL,
  `decided_by` int(10) unsigned NOT NULL COMMENT 'users.id',
  `decided_at` datetime(3) NOT NULL,
  `undone_by` int(10) unsigned DEFAULT NULL COMMENT 'users.id',
  `undone_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_match_decisions_one` (`one_id`),
  KEY `ix_match_decisions_other` (`other_id`),
  CONSTRAINT `fk_match_decisions_one` FOREIGN KEY (`one_id`) REFERENCES `event_sources` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_match_decisions_other` FOREIGN KEY (`other_id`) REFERENCES `event_sources` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_match_decisions_kind` CHECK (`kind` in ('together','apart')),
  CONSTRAINT `ck_match_decisions_pair` CHECK (`one_id` < `other_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `model_service` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `version` varchar(40) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `actor_id` int(10) unsigned DEFAULT NULL COMMENT 'users.id of the admin; null: the training',
  `at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `fk_model_service_version` (`version`),
  CONSTRAINT `fk_model_service_version` FOREIGN KEY (`version`) REFERENCES `model_versions` (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `model_versions` (
  `version` varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `sha256` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of its file',
  `bytes` int(10) unsigned NOT NULL,
  `code_commit` varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `data_from` datetime(3) NOT NULL,
  `data_to` datetime(3) NOT NULL,
  `actions` int(10) unsigned NOT NULL,
  `people` int(10) unsigned NOT NULL,
  `events` int(10) unsigned NOT NULL,
  `figures` text NOT NULL COMMENT 'JSON: of this one, popularity and the one in service',
  `accepted` tinyint(3) unsigned NOT NULL,
  `reason` varchar(255) NOT NULL,
  `trained_at` datetime(3) NOT NULL,
  PRIMARY KEY (`version`),
  KEY `ix_model_versions_trained_at` (`trained_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `one_time_tokens` (
  `token_hash` binary(32) NOT NULL,
  `purpose` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `user_id` int(10) unsigned DEFAULT NULL,
  `signup_id` int(10) unsigned DEFAULT NULL,
  `email` varchar(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  `used_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`token_hash`),
  KEY `ix_one_time_tokens_expires_at` (`expires_at`),
  KEY `fk_one_time_tokens_user` (`user_id`),
  KEY `fk_one_time_tokens_signup` (`signup_id`),
  CONSTRAINT `fk_one_time_tokens_signup` FOREIGN KEY (`signup_id`) REFERENCES `pending_signups` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_one_time_tokens_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_one_time_tokens_purpose` CHECK (`purpose` in ('signup','confirm','reset','change'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `organizer_requests` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `user_id` int(10) unsigned NOT NULL,
  `message` varchar(1000) NOT NULL,
  `status` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  `is_open` tinyint(3) unsigned DEFAULT 1,
  `note` varchar(1000) NOT NULL DEFAULT '',
  `created_at` datetime(3) NOT NULL,
  `decided_at` datetime(3) DEFAULT NULL,
  `decided_by` int(10) unsigned DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_organizer_requests_user_open` (`user_id`,`is_open`),
  KEY `ix_organizer_requests_status` (`status`,`id`),
  KEY `fk_organizer_requests_decided_by` (`decided_by`),
  CONSTRAINT `fk_organizer_requests_decided_by` FOREIGN KEY (`decided_by`) REFERENCES `users` (`id`) ON DELETE SET NULL,
  CONSTRAINT `fk_organizer_requests_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_organizer_requests_status` CHECK (`status` in ('open','granted','refused'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `pending_signups` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `email` varchar(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(120) NOT NULL,
  `password_hash` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_pending_signups_expires_at` (`expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `plan_shortlist` (
  `plan_id` int(10) unsigned NOT NULL,
  `kind` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `item_id` int(10) unsigned NOT NULL,
  `name` varchar(160) NOT NULL,
  `note` varchar(500) DEFAULT NULL,
  `added_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`plan_id`,`kind`,`item_id`),
  CONSTRAINT `fk_plan_shortlist_plan` FOREIGN KEY (`plan_id`) REFERENCES `event_plans` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_plan_shortlist_kind` CHECK (`kind` in ('dj','venue'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `schema_migrations` (
  `id` smallint(5) unsigned NOT NULL,
  `name` varchar(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `applied_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `duration_ms` int(10) unsigned NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `schema_migration_progress` (
  `id` smallint(5) unsigned NOT NULL,
  `name` varchar(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `done` smallint(5) unsigned NOT NULL,
  `done_checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `running` smallint(5) unsigned DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `sessions` (
  `id` char(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `user_id` int(10) unsigned NOT NULL,
  `chain_key` binary(32) NOT NULL,
  `token_hash` binary(32) NOT NULL,
  `previous_hash` binary(32) DEFAULT NULL,
  `rotations` int(10) unsigned NOT NULL DEFAULT 0,
  `user_agent` varchar(255) NOT NULL DEFAULT '',
  `created_at` datetime(3) NOT NULL,
  `rotated_at` datetime(3) NOT NULL,
  `expires_at` datetime(3) NOT NULL COMMENT 'the end whatever happens',
  `ended_at` datetime(3) DEFAULT NULL,
  `ended_by` varchar(16) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_sessions_user` (`user_id`,`ended_at`),
  KEY `ix_sessions_expires_at` (`expires_at`),
  CONSTRAINT `fk_sessions_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_sessions_ended_by` CHECK (`ended_by` in ('logout','everywhere','password','reuse'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `source_calls` (
  `source` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `day` date NOT NULL COMMENT 'UTC',
  `calls` int(10) unsigned NOT NULL,
  PRIMARY KEY (`source`,`day`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `source_states` (
  `source` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `scope` varchar(64) NOT NULL,
  `succeeded_at` datetime(3) DEFAULT NULL,
  `window_from` datetime(3) DEFAULT NULL,
  `window_to` datetime(3) DEFAULT NULL,
  `failures` int(10) unsigned NOT NULL DEFAULT 0 COMMENT 'one after another',
  `due_at` datetime(3) DEFAULT NULL COMMENT 'not asked before; null: at once',
  `requested_at` datetime(3) DEFAULT NULL COMMENT 'an admin wants it asked',
  `error` varchar(500) DEFAULT NULL,
  PRIMARY KEY (`source`,`scope`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `spotify_attempts` (
  `state_hash` binary(32) NOT NULL,
  `browser_hash` binary(32) NOT NULL,
  `user_id` int(10) unsigned NOT NULL,
  `session_id` char(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `verifier` char(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `expires_at` datetime(3) NOT NULL,
  `used_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`state_hash`),
  KEY `ix_spotify_attempts_expires_at` (`expires_at`),
  KEY `fk_spotify_attempts_user` (`user_id`),
  KEY `fk_spotify_attempts_session` (`session_id`),
  CONSTRAINT `fk_spotify_attempts_session` FOREIGN KEY (`session_id`) REFERENCES `sessions` (`id`) ON DELETE CASCADE,
  CONSTRAINT `fk_spotify_attempts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `spotify_links` (
  `user_id` int(10) unsigned NOT NULL,
  `spotify_id` varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `display_name` varchar(255) DEFAULT NULL,
  `key_id` varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `tokens` varbinary(8192) NOT NULL,
  `state` varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  `problem` varchar(32) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL COMMENT 'of the last synchronisation',
  `failures` smallint(5) unsigned NOT NULL DEFAULT 0,
  `linked_at` datetime(3) NOT NULL,
  `synced_at` datetime(3) DEFAULT NULL,
  `next_sync_at` datetime(3) NOT NULL,
  `claim` binary(16) DEFAULT NULL COMMENT 'of the process that is at work on it',
  `claimed_until` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`user_id`),
  UNIQUE KEY `uq_spotify_links_spotify_id` (`spotify_id`),
  KEY `ix_spotify_links_state_next_sync_at` (`state`,`next_sync_at`),
  KEY `ix_spotify_links_key_id` (`key_id`),
  CONSTRAINT `fk_spotify_links_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_spotify_links_state` CHECK (`state` in ('active','broken'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `spotify_tastes` (
  `user_id` int(10) unsigned NOT NULL,
  `artists` text NOT NULL COMMENT 'JSON: id and name of each, the most loved first',
  `genres` text NOT NULL COMMENT 'JSON: names, the most frequent first',
  `fetched_at` datetime(3) NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_spotify_tastes_link` FOREIGN KEY (`user_id`) REFERENCES `spotify_links` (`user_id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `throttles` (
  `id` binary(32) NOT NULL,
  `hits` int(10) unsigned NOT NULL,
  `ends_at` datetime(3) NOT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_throttles_ends_at` (`ends_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `training_requests` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `actor_id` int(10) unsigned NOT NULL COMMENT 'users.id',
  `requested_at` datetime(3) NOT NULL,
  `ended_at` datetime(3) DEFAULT NULL,
  `outcome` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`),
  KEY `ix_training_requests_ended_at` (`ended_at`,`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `users` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `email` varchar(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `name` varchar(120) NOT NULL,
  `password_hash` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'PHC string, $argon2id$...',
  `role` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'user',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `email_confirmed_at` datetime(3) DEFAULT NULL,
  `password_changed_at` datetime(3) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_users_email` (`email`),
  CONSTRAINT `ck_users_email` CHECK (`email` = lcase(trim(`email`)) and `email` like '%_@_%'),
  CONSTRAINT `ck_users_name` CHECK (`name` <> ''),
  CONSTRAINT `ck_users_password_hash` CHECK (`password_hash` like '$_%$_%'),
  CONSTRAINT `ck_users_role` CHECK (`role` in ('user','organizer','admin'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `user_preferences` (
  `user_id` int(10) unsigned NOT NULL,
  `genres` text NOT NULL,
  `artists` text NOT NULL,
  `cities` text NOT NULL,
  `venues` text NOT NULL,
  `djs` text NOT NULL,
  `nights` text NOT NULL,
  `budget_max_minor` int(10) unsigned DEFAULT NULL COMMENT 'cents',
  `radius_km` int(10) unsigned DEFAULT NULL,
  `updated_at` datetime(3) NOT NULL,
  PRIMARY KEY (`user_id`),
  CONSTRAINT `fk_user_preferences_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `venues` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `slug` varchar(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(160) NOT NULL,
  `address` varchar(255) NOT NULL,
  `city` varchar(64) NOT NULL,
  `capacity` int(10) unsigned DEFAULT NULL COMMENT 'people; null when not known',
  `position` point NOT NULL COMMENT 'POINT(longitude latitude), WGS 84 degrees',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  `owner_id` int(10) unsigned DEFAULT NULL COMMENT 'users.id of the organizer who keeps it; null: all of them',
  `version` int(10) unsigned NOT NULL DEFAULT 1,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_venues_slug` (`slug`),
  UNIQUE KEY `uq_venues_city_name_address` (`city`,`name`,`address`),
  KEY `ix_venues_name_id` (`name`,`id`),
  KEY `ix_venues_city_name_id` (`city`,`name`,`id`),
  SPATIAL KEY `sp_venues_position` (`position`),
  KEY `ix_venues_capacity_name_id` (`capacity`,`name`,`id`),
  FULLTEXT KEY `ft_venues_text` (`name`,`address`),
  CONSTRAINT `fk_venues_city` FOREIGN KEY (`city`) REFERENCES `cities` (`name`) ON UPDATE CASCADE,
  CONSTRAINT `ck_venues_slug` CHECK (`slug` regexp '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT `ck_venues_name` CHECK (`name` <> ''),
  CONSTRAINT `ck_venues_capacity` CHECK (`capacity` > 0),
  CONSTRAINT `ck_venues_position` CHECK (st_x(`position`) between -180 and 180 and st_y(`position`) between -90 and 90)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `venue_contacts` (
  `venue_id` int(10) unsigned NOT NULL,
  `email` varchar(254) DEFAULT NULL,
  `phone` varchar(32) DEFAULT NULL,
  `instagram` varchar(32) DEFAULT NULL,
  `website` varchar(500) DEFAULT NULL,
  `note` varchar(500) DEFAULT NULL,
  `updated_at` datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
  PRIMARY KEY (`venue_id`),
  CONSTRAINT `fk_venue_contacts_venue` FOREIGN KEY (`venue_id`) REFERENCES `venues` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `venue_genres` (
  `venue_id` int(10) unsigned NOT NULL,
  `genre_id` smallint(5) unsigned NOT NULL,
  PRIMARY KEY (`venue_id`,`genre_id`),
  KEY `ix_venue_genres_genre_venue` (`genre_id`,`venue_id`),
  CONSTRAINT `fk_venue_genres_genre` FOREIGN KEY (`genre_id`) REFERENCES `genres` (`id`),
  CONSTRAINT `fk_venue_genres_venue` FOREIGN KEY (`venue_id`) REFERENCES `venues` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE `venue_windows` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `venue_id` int(10) unsigned NOT NULL,
  `kind` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `starts_at` datetime(3) NOT NULL COMMENT 'UTC',
  `ends_at` datetime(3) NOT NULL COMMENT 'UTC',
  `created_by` int(10) unsigned NOT NULL COMMENT 'users.id',
  `created_at` datetime(3) NOT NULL DEFAULT current_timestamp(3),
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq_venue_windows_venue_kind_start` (`venue_id`,`kind`,`starts_at`),
  KEY `ix_venue_windows_kind_start` (`kind`,`starts_at`,`ends_at`,`venue_id`),
  CONSTRAINT `fk_venue_windows_venue` FOREIGN KEY (`venue_id`) REFERENCES `venues` (`id`) ON DELETE CASCADE,
  CONSTRAINT `ck_venue_windows_kind` CHECK (`kind` in ('available','booked')),
  CONSTRAINT `ck_venue_windows_ends_at` CHECK (`ends_at` > `starts_at`),
  CONSTRAINT `ck_venue_windows_length` CHECK (`ends_at` <= `starts_at` + interval 92 day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
