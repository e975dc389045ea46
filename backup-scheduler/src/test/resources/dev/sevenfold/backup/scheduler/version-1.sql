CREATE TABLE sevenfold_job (
  id INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL,  -- empty: the system
  label TEXT NOT NULL,
  name TEXT NOT NULL,
  arguments TEXT NOT NULL,
  expression TEXT,
  zone TEXT,
  active INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  served_at INTEGER,
  next_scheduled_at INTEGER,
  next_due_at INTEGER,
  next_attempt INTEGER,
  next_superseded_at INTEGER,
  next_planned_at INTEGER,
  claim_token TEXT,
  claim_node TEXT,
  claim_scheduled_at INTEGER,
  claim_attempt INTEGER,
  claim_started_at INTEGER,
  claim_beats INTEGER,
  progress_step TEXT,
  progress_unit TEXT,
  progress_done INTEGER,
  progress_total INTEGER,
  UNIQUE (tenant, label, name)
) STRICT;
CREATE INDEX sevenfold_job_next ON sevenfold_job (next_due_at)
WHERE claim_token IS NULL AND next_due_at IS NOT NULL;
CREATE INDEX sevenfold_job_claim ON sevenfold_job (tenant)
WHERE claim_token IS NOT NULL;
CREATE TABLE sevenfold_job_firing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order of recording
  job_id INTEGER NOT NULL,
  scheduled_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  archive TEXT,
  what TEXT,
  advice TEXT,
  retryable INTEGER NOT NULL,
  over INTEGER NOT NULL,
  UNIQUE (job_id, scheduled_at)
) STRICT;
CREATE TABLE sevenfold_job_scheduler (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  alive_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS sevenfold_job_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX sevenfold_job_firing_latest ON sevenfold_job_firing (job_id, id);
INSERT INTO sevenfold_job_version VALUES (1, 1);
INSERT INTO sevenfold_job (id, tenant, label, name, arguments, expression, zone, active, revision, next_scheduled_at, next_due_at, next_attempt, next_planned_at, claim_token, claim_node, claim_scheduled_at, claim_attempt, claim_started_at, claim_beats)
  VALUES (1, '42', 'BackupTenantJob', 'main', 'controller:background_jobs', '1 1 * * 2-6', 'Europe/Copenhagen', 1, 7, 1795564860000, 1795565010000, 1, 1795478520000, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sevenfold_job (id, tenant, label, name, arguments, expression, zone, active, revision, next_scheduled_at, next_due_at, next_attempt, next_planned_at, claim_token, claim_node, claim_scheduled_at, claim_attempt, claim_started_at, claim_beats)
  VALUES (2, 'paused', 'BackupTenantJob', 'main', '', '0 3 * * *', 'UTC', 0, 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sevenfold_job (id, tenant, label, name, arguments, expression, zone, active, revision, next_scheduled_at, next_due_at, next_attempt, next_planned_at, claim_token, claim_node, claim_scheduled_at, claim_attempt, claim_started_at, claim_beats)
  VALUES (3, 'claimed', 'BackupTenantJob', 'main', '', '0 4 * * *', 'UTC', 1, 7, NULL, NULL, NULL, NULL, 'token', '4711@old', 1795492800000, 1, 1795492802000, 3);
INSERT INTO sevenfold_job (id, tenant, label, name, arguments, expression, zone, active, revision, next_scheduled_at, next_due_at, next_attempt, next_planned_at, claim_token, claim_node, claim_scheduled_at, claim_attempt, claim_started_at, claim_beats)
  VALUES (4, '', 'SystemBackupJob', 'main', '', '0 5 * * *', 'UTC', 1, 7, 1795582800000, 1795582800000, 1, 1795496400000, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sevenfold_job_firing (job_id, scheduled_at, attempt, started_at, ended_at, outcome, archive, what, advice, retryable, over)
  VALUES (1, 1795219260000, 1, 1795219261000, 1795219269000, 'finished', 'tenant_42_20261121000109', NULL, NULL, 0, 1);
INSERT INTO sevenfold_job_firing (job_id, scheduled_at, attempt, started_at, ended_at, outcome, archive, what, advice, retryable, over)
  VALUES (1, 1795478460000, 1, 1795478461000, 1795478469000, 'finished', 'tenant_42_20261124000109', NULL, NULL, 0, 1);
INSERT INTO sevenfold_job_firing (job_id, scheduled_at, attempt, started_at, ended_at, outcome, archive, what, advice, retryable, over)
  VALUES (4, 1795496400000, 5, 1795498200000, 1795498205000, 'failed', NULL, 'The store is full', 'Make room', 1, 1);
