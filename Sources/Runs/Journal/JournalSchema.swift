import GRDB

/// The journal's tables. A version is never changed once released; a new one adds a migration and raises `version`.
enum JournalSchema {
  static let version = 4
  /// "apex", so that another program's database is not taken for a journal.
  static let applicationID = 0x6170_6578

  static func create(_ db: Database) throws {
    try db.execute(sql: first)
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try migrate(db, from: 1)
  }

  /// Brings a journal of an older version up to this one, in the caller's transaction.
  static func migrate(_ db: Database, from old: Int) throws {
    for (version, statements) in later where version > old { try db.execute(sql: statements) }
    try db.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// What later versions added, by version.
  private static let later: [(version: Int, statements: String)] = [
    // A run that is carried on ends agents long after newer runs and lists: events, which are only ever added, say what
    // came after what. A list's raw bytes lie in parts, in order behind what `lists` has of them.
    (
      2,
      """
      ALTER TABLE run_agents ADD COLUMN ended_event INTEGER;
      ALTER TABLE lists ADD COLUMN after_event INTEGER;
      CREATE TABLE list_parts (
        list INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL);
      CREATE INDEX list_parts_of_list ON list_parts (list, part);
      """
    ),
    // The newest inspection of each agent, whoever looked. `agent`: one is installed; `protected`: its services run;
    // `doubt`: a run that started a tool there and saw nothing since; `after_event`: the newest event when it was looked
    // at. What older runs left unprotected is taken over.
    (
      3,
      """
      CREATE TABLE IF NOT EXISTS inspections (
        server TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, at REAL, run INTEGER, command TEXT, facts TEXT,
        agent INTEGER, protected INTEGER, doubt INTEGER, after_event INTEGER, PRIMARY KEY (server, key)) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS inspections_of_endangered ON inspections (server)
        WHERE protected = 0 OR agent = 0 OR doubt IS NOT NULL;
      INSERT OR IGNORE INTO inspections (server, key, name, protected)
        SELECT DISTINCT r.server, a.key, a.name, 0 FROM run_agents a JOIN runs r ON r.id = a.run
        WHERE a.protected = 0 AND NOT EXISTS (
          SELECT 1 FROM run_agents b JOIN runs s ON s.id = b.run
          WHERE b.key = a.key AND s.server = r.server AND b.run > a.run AND b.protected = 1);
      INSERT OR IGNORE INTO inspections (server, key, name, doubt)
        SELECT r.server, a.key, a.name, max(a.run) FROM run_agents a JOIN runs r ON r.id = a.run
        WHERE a.outcome = 'unknown' AND a.protected IS NULL AND EXISTS (
          SELECT 1 FROM events e
          WHERE e.run = a.run AND e.position = a.position AND e.intent = 1 AND e.step IN ('execute', 'uninstall'))
        AND NOT EXISTS (
          SELECT 1 FROM run_agents b JOIN runs s ON s.id = b.run
          WHERE b.key = a.key AND s.server = r.server AND b.run > a.run AND b.protected IS NOT NULL)
        GROUP BY r.server, a.key;
      """
    ),
    // The waves of runs, a row each time that one begins, 0 for what an earlier leg had left half done. `after_event`:
    // the newest event when it began; `counts_from`: the newest event when it began for the first time, after which its
    // failures count; `judged`: it has stopped its run. `runs.counts_from`: the newest event when a budget stopped it.
    // `refusals`: logons by password that were refused, or may have been.
    // `forgotten`: endpoints that a person said are gone for good: what was known of each, who said so, when and why.
    // Versions before had the waves as words of the step `look`; what went on in an open run counts on.
    (
      4,
      """
      CREATE TABLE IF NOT EXISTS waves (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL, number INTEGER NOT NULL, count INTEGER NOT NULL,
        after_event INTEGER NOT NULL, counts_from INTEGER NOT NULL, judged INTEGER NOT NULL DEFAULT 0);
      CREATE INDEX IF NOT EXISTS waves_of_run ON waves (run, id);
      ALTER TABLE runs ADD COLUMN counts_from INTEGER;
      CREATE TABLE IF NOT EXISTS refusals (account TEXT NOT NULL, at REAL NOT NULL);
      INSERT INTO waves (run, number, count, after_event, counts_from)
        SELECT run, CAST(substr(detail, 6) AS INTEGER), CAST(substr(detail, instr(detail, ' of ') + 4) AS INTEGER),
          id - 1, begun - 1
        FROM (
          SELECT id, run, detail, lag(detail) OVER (PARTITION BY run ORDER BY id) AS before,
            min(id) OVER (PARTITION BY run, detail) AS begun
          FROM events WHERE intent = 1 AND step = 'look' AND detail GLOB 'wave [0-9]* of [0-9]*')
        WHERE before IS NOT detail ORDER BY id;
      UPDATE waves SET judged = 1 WHERE run IN (SELECT id FROM runs WHERE state IN ('stopped', 'finished'));
      UPDATE runs SET counts_from = (SELECT coalesce(max(id), 0) FROM events) WHERE state IN ('stopped', 'finished');
      CREATE TABLE IF NOT EXISTS forgotten (
        id INTEGER PRIMARY KEY, server TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
        reason TEXT NOT NULL, who TEXT NOT NULL, at REAL NOT NULL);
      CREATE INDEX IF NOT EXISTS forgotten_of_server ON forgotten (server, id);
      """
    ),
  ]

  static let first = """
    CREATE TABLE installation (id TEXT NOT NULL);
    INSERT INTO installation VALUES (lower(hex(randomblob(8))));

    CREATE TABLE servers (
      identity TEXT PRIMARY KEY, facts TEXT NOT NULL, at REAL NOT NULL);

    CREATE TABLE lists (
      id INTEGER PRIMARY KEY, server TEXT NOT NULL, at REAL NOT NULL, source TEXT NOT NULL,
      host_column TEXT, sha256 TEXT NOT NULL, agents INTEGER NOT NULL, after_run INTEGER NOT NULL,
      bytes BLOB NOT NULL);
    CREATE INDEX lists_of_server ON lists (server, id);

    CREATE TABLE runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, remedy TEXT NOT NULL, state TEXT NOT NULL,
      digest TEXT NOT NULL, plan TEXT NOT NULL, planned INTEGER NOT NULL, confirmed TEXT NOT NULL,
      parent INTEGER, started REAL NOT NULL, ended REAL, why TEXT);

    CREATE TABLE run_agents (
      run INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, address TEXT,
      outcome TEXT, cause TEXT, protected INTEGER, detail TEXT, attempts INTEGER, seconds REAL, at REAL,
      PRIMARY KEY (run, position)) WITHOUT ROWID;
    CREATE INDEX run_agents_by_key ON run_agents (key);

    CREATE TABLE events (
      id INTEGER PRIMARY KEY, run INTEGER NOT NULL, position INTEGER NOT NULL, at REAL NOT NULL,
      intent INTEGER NOT NULL, step TEXT NOT NULL, detail TEXT);
    CREATE INDEX events_of_agent ON events (run, position);

    CREATE TABLE tools (
      server TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, at REAL NOT NULL,
      PRIMARY KEY (server, name));

    CREATE TABLE cases (
      id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, created REAL NOT NULL, closed REAL,
      value TEXT NOT NULL, archive TEXT, certificate BLOB);
    """
}
