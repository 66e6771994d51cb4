-- Made before Node-RED opens the file. Write-ahead log as the hub's; synchronous=FULL is SQLite's own default.
PRAGMA journal_mode = WAL;
CREATE TABLE response (
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    panel TEXT,
    button INTEGER,
    survey TEXT,
    question TEXT,
    value TEXT,
    touchpoint TEXT,
    shift TEXT,
    employee TEXT,
    wall_ms INTEGER,
    uptime_ms INTEGER,
    boot_id TEXT,
    received_ms INTEGER,
    UNIQUE (device, epoch, sequence)
);
CREATE INDEX response_by_touchpoint ON response (touchpoint, wall_ms);
