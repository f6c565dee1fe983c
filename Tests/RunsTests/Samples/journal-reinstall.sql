CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, created REAL NOT NULL, closed REAL,
  value TEXT NOT NULL, archive TEXT, certificate BLOB);
CREATE TABLE events (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, position INTEGER NOT NULL, at REAL NOT NULL,
  intent INTEGER NOT NULL, step TEXT NOT NULL, detail TEXT);
INSERT INTO "events" VALUES(1,1,0,1772438400.32,1,'look','wave 1 of 2');
INSERT INTO "events" VALUES(2,1,0,1772438401.38,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=4c3ddb8a-ef3d-e402-0372-6e4fdedd5aca machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-001 computer=WS-001 ntrtscan=running/6568 tmbmserver=running/7008 tmccsf=running/6796 tmlisten=running/6332');
INSERT INTO "events" VALUES(3,1,0,1772438401.38,1,'stage','C:\Windows\apexsh-b2dnbt9gsx5ecsyb');
INSERT INTO "events" VALUES(4,1,0,1772438402.1,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(5,1,0,1772438402.18,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(6,1,0,1772438402.18,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(7,1,0,1772438431.26,0,'uninstalled','exit code 0');
INSERT INTO "events" VALUES(8,1,0,1772438431.5,0,'removed',NULL);
INSERT INTO "events" VALUES(9,1,0,1772438431.5,1,'execute','msiexec.exe /i C:\Windows\apexsh-b2dnbt9gsx5ecsyb\package.msi /qn /norestart');
INSERT INTO "events" VALUES(10,1,0,1772438472.08,0,'executed','exit code 0');
INSERT INTO "events" VALUES(11,1,0,1772438495.28,0,'cleaned',NULL);
INSERT INTO "events" VALUES(12,1,0,1772438495.28,0,'ended','repaired');
INSERT INTO "events" VALUES(13,1,1,1772438495.32,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(14,1,2,1772438495.32,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(15,1,3,1772438495.32,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(16,1,4,1772438495.32,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(17,1,3,1772438496.86,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.11136 guid=2f287d76-62be-e6e6-801e-33577837d4e8 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-004 computer=WS-004 ntrtscan=running/4724 tmbmserver=absent tmccsf=absent tmlisten=running/4556');
INSERT INTO "events" VALUES(18,1,3,1772438496.86,1,'stage','C:\Windows\apexsh-vkacdniv78xrpwx3');
INSERT INTO "events" VALUES(19,1,2,1772438497.46,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12032 guid=3b01c079-5915-e41b-57a1-78d08a244256 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-003 computer=WS-003 ntrtscan=running/2312 tmbmserver=running/2672 tmccsf=running/2432 tmlisten=running/2252');
INSERT INTO "events" VALUES(20,1,2,1772438497.46,1,'stage','C:\Windows\apexsh-gcm27q9zzhwnfqx3');
INSERT INTO "events" VALUES(21,1,3,1772438497.64,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(22,1,3,1772438497.74,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(23,1,3,1772438497.74,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(24,1,4,1772438497.82,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=86f953c4-7100-7482-5b30-609dbcf9c539 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-005 computer=WS-005 ntrtscan=running/5996 tmbmserver=running/6184 tmccsf=running/6140 tmlisten=running/5924');
INSERT INTO "events" VALUES(25,1,4,1772438497.82,1,'stage','C:\Windows\apexsh-n3b5cx27kzirak86');
INSERT INTO "events" VALUES(26,1,1,1772438498.1,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12032 guid=e4c1763c-cf0d-aa27-46b4-b746e6a607f1 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-002 computer=WS-002 ntrtscan=running/3920 tmbmserver=running/3940 tmccsf=absent tmlisten=running/3788');
INSERT INTO "events" VALUES(27,1,1,1772438498.1,1,'stage','C:\Windows\apexsh-d4nwx3aj2zmqvy7n');
INSERT INTO "events" VALUES(28,1,2,1772438498.46,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(29,1,2,1772438498.58,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(30,1,2,1772438498.58,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(31,1,4,1772438498.88,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(32,1,4,1772438499.02,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(33,1,4,1772438499.02,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(34,1,1,1772438499.3,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(35,1,1,1772438499.44,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(36,1,1,1772438499.44,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(37,1,3,1772438518.88,0,'uninstalled','exit code 0');
INSERT INTO "events" VALUES(38,1,3,1772438519.14,0,'removed',NULL);
INSERT INTO "events" VALUES(39,1,3,1772438519.14,1,'execute','msiexec.exe /i C:\Windows\apexsh-vkacdniv78xrpwx3\package.msi /qn /norestart');
INSERT INTO "events" VALUES(40,1,4,1772438519.46,0,'uninstalled','exit code 0');
INSERT INTO "events" VALUES(41,1,4,1772438519.8,0,'removed',NULL);
INSERT INTO "events" VALUES(42,1,4,1772438519.8,1,'execute','msiexec.exe /i C:\Windows\apexsh-n3b5cx27kzirak86\package.msi /qn /norestart');
INSERT INTO "events" VALUES(43,1,2,1772438524.44,0,'uninstalled','exit code 0');
INSERT INTO "events" VALUES(44,1,2,1772438524.76,0,'removed',NULL);
INSERT INTO "events" VALUES(45,1,2,1772438524.76,1,'execute','msiexec.exe /i C:\Windows\apexsh-gcm27q9zzhwnfqx3\package.msi /qn /norestart');
INSERT INTO "events" VALUES(46,1,1,1772438531.04,0,'uninstalled','exit code 0');
INSERT INTO "events" VALUES(47,1,1,1772438531.4,0,'removed',NULL);
INSERT INTO "events" VALUES(48,1,1,1772438531.4,1,'execute','msiexec.exe /i C:\Windows\apexsh-d4nwx3aj2zmqvy7n\package.msi /qn /norestart');
INSERT INTO "events" VALUES(49,1,4,1772438551.74,0,'executed','exit code 0');
INSERT INTO "events" VALUES(50,1,5,1772438551.74,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(51,1,3,1772438551.78,0,'executed','exit code 0');
INSERT INTO "events" VALUES(52,1,6,1772438551.78,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(53,1,5,1772438552.8,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=524d9d64-6f6e-0e1f-2219-529535512334 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-006 computer=WS-006 ntrtscan=running/7540 tmbmserver=absent tmccsf=running/7764 tmlisten=running/7428');
INSERT INTO "events" VALUES(54,1,5,1772438552.8,1,'stage','C:\Windows\apexsh-w9cwdkxy2byqmru9');
INSERT INTO "events" VALUES(55,1,6,1772438552.86,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=229e2cb3-809c-41e8-e00e-d67b619ad360 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-007 computer=WS-007 ntrtscan=running/3052 tmbmserver=running/3192 tmccsf=running/3180 tmlisten=running/2988');
INSERT INTO "events" VALUES(56,1,6,1772438552.86,1,'stage','C:\Windows\apexsh-zjkvr6n7h9xmwjfw');
INSERT INTO "events" VALUES(57,1,5,1772438553.52,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(58,1,6,1772438553.58,0,'staged','1 files, 4096 bytes, read back equal');
INSERT INTO "events" VALUES(59,1,5,1772438553.6,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(60,1,5,1772438553.6,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(61,1,6,1772438553.66,0,'boot','shutdown=01DA000000000000 rpcss=700');
INSERT INTO "events" VALUES(62,1,6,1772438553.66,1,'uninstall','"C:\Program Files (x86)\Trend Micro\Security Agent\PccNTMon.exe" -m ••••');
INSERT INTO "events" VALUES(63,1,2,1772438562.12,0,'executed','exit code 0');
INSERT INTO "events" VALUES(64,1,7,1772438566.16,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(65,1,7,1772438568.4,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=77ee9e8c-6948-e361-56ff-5c9a76e4c614 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-008 computer=WS-008 ntrtscan=running/4484 tmbmserver=absent tmccsf=running/4580 tmlisten=running/4436');
INSERT INTO "events" VALUES(66,1,7,1772438568.4,1,'stage','C:\Windows\apexsh-793kd5vsinnswbkf');
CREATE TABLE inspections (
  server TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, at REAL, run INTEGER, command TEXT, facts TEXT,
  agent INTEGER, protected INTEGER, doubt INTEGER, after_event INTEGER, PRIMARY KEY (server, key)) WITHOUT ROWID;
INSERT INTO "inspections" VALUES('lab:8/none/1','ws-001','WS-001',1772438495.2,1,NULL,'server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=4c3ddb8a-ef3d-e402-0372-6e4fdedd5aca machine=AMD64 certificate=equal sha256=7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82 shell=cmd.exe host=WS-001 computer=WS-001 ntrtscan=running/7304 tmbmserver=absent tmccsf=absent tmlisten=running/7188',1,1,NULL,11);
CREATE TABLE installation (id TEXT NOT NULL);
INSERT INTO "installation" VALUES('f4db9b130228f653');
CREATE TABLE list_parts (
  list INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE lists (
  id INTEGER PRIMARY KEY, server TEXT NOT NULL, at REAL NOT NULL, source TEXT NOT NULL,
  host_column TEXT, sha256 TEXT NOT NULL, agents INTEGER NOT NULL, after_run INTEGER NOT NULL,
  bytes BLOB NOT NULL, after_event INTEGER);
CREATE TABLE run_agents (
  run INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, address TEXT,
  outcome TEXT, cause TEXT, protected INTEGER, detail TEXT, attempts INTEGER, seconds REAL, at REAL, ended_event INTEGER,
  PRIMARY KEY (run, position)) WITHOUT ROWID;
INSERT INTO "run_agents" VALUES(1,0,'WS-001','ws-001',NULL,'repaired',NULL,1,'the agent runs, belongs to apexone.contoso.local, and its certificate is the server''s',1,95.0,1772438495.28,12);
INSERT INTO "run_agents" VALUES(1,1,'WS-002','ws-002',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,2,'WS-003','ws-003',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,3,'WS-004','ws-004',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,4,'WS-005','ws-005',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,5,'WS-006','ws-006',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,6,'WS-007','ws-007',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
INSERT INTO "run_agents" VALUES(1,7,'WS-008','ws-008',NULL,NULL,NULL,NULL,NULL,0,0.0,NULL,NULL);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, remedy TEXT NOT NULL, state TEXT NOT NULL,
  digest TEXT NOT NULL, plan TEXT NOT NULL, planned INTEGER NOT NULL, confirmed TEXT NOT NULL,
  parent INTEGER, started REAL NOT NULL, ended REAL, why TEXT);
INSERT INTO "runs" VALUES(1,'lab:8/none/1','reinstall','running','03c7ca3001557ccc','{"command":"msiexec.exe \/i C:\\Windows\\apexsh-XXXXXXXXXXXXXXXX\\package.msi \/qn \/norestart","agents":[],"serverAliases":[],"listTaken":1772438405.1,"uninstallCommand":"\"C:\\Program Files (x86)\\Trend Micro\\Security Agent\\PccNTMon.exe\" -m ••••","server":"lab:8\/none\/1","remedy":"reinstall","product":"apex-one","package":{"sha256":"bb9000c434929c17cb2bb9f403b11ad53bb9aa7d13d3e0df2f5161a461bd7b4b","size":4096,"agent":{"architecture":{"x86":{}},"productName":"Lab Security Agent","form":"msi","version":"14.0.12737","name":"agent_x86.msi"}},"certificateSerial":"4AAF8AABCC5E9F802A219E5E9535E59E","options":{"move":false,"force":false,"waves":{"steps":[{"count":{"_0":1}},{"percentage":{"_0":100}}]},"changePort":false,"connectSeconds":15,"maxUnprotected":{"count":{"_0":1}},"parallel":4,"maxFailures":{"percentage":{"_0":5}},"retries":2,"copySeconds":300,"executeSeconds":600,"settleSeconds":300},"httpPort":8080,"certificateSHA256":"7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82","serverName":"apexone.contoso.local","files":[{"name":"package.msi","sha256":"bb9000c434929c17cb2bb9f403b11ad53bb9aa7d13d3e0df2f5161a461bd7b4b","size":4096}],"recipe":{"noUnloadPassword":false,"certificateDiffers":false,"uninstallFirst":true,"package":"\/tmp\/tmp0q0sq7g5\/lab\/agents\/apexone\/C:\/Program Files (x86)\/Trend Micro\/Apex One\/PCCSRV\/Pccnt\/Package\/agent_x86.msi","ownCertificateSHA256":"7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82","arguments":[]}}',8,'8',NULL,1772438400.32,NULL,NULL);
CREATE TABLE servers (
  identity TEXT PRIMARY KEY, facts TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE tools (
  server TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (server, name));
CREATE INDEX lists_of_server ON lists (server, id);
CREATE INDEX run_agents_by_key ON run_agents (key);
CREATE INDEX events_of_agent ON events (run, position);
CREATE INDEX list_parts_of_list ON list_parts (list, part);
CREATE INDEX inspections_of_endangered ON inspections (server)
  WHERE protected = 0 OR agent = 0 OR doubt IS NOT NULL;
