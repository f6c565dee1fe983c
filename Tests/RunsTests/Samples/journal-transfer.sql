CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT, server TEXT NOT NULL, created REAL NOT NULL, closed REAL,
  value TEXT NOT NULL, archive TEXT, certificate BLOB);
CREATE TABLE events (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL, position INTEGER NOT NULL, at REAL NOT NULL,
  intent INTEGER NOT NULL, step TEXT NOT NULL, detail TEXT);
INSERT INTO "events" VALUES(1,1,0,1772438405.42,1,'look','wave 1 of 2');
INSERT INTO "events" VALUES(2,1,0,1772438406.48,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=4c3ddb8a-ef3d-e402-0372-6e4fdedd5aca machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-001 computer=WS-001 ntrtscan=running/6568 tmbmserver=running/7008 tmccsf=running/6796 tmlisten=running/6332');
INSERT INTO "events" VALUES(3,1,0,1772438406.48,1,'stage','C:\Windows\apexsh-bmxt8t3vpwif5w6a');
INSERT INTO "events" VALUES(4,1,0,1772438407.24,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(5,1,0,1772438407.24,1,'execute','C:\Windows\apexsh-bmxt8t3vpwif5w6a\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-bmxt8t3vpwif5w6a\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(6,1,0,1772438425.88,0,'executed','exit code 0');
INSERT INTO "events" VALUES(7,1,0,1772438448.72,0,'cleaned',NULL);
INSERT INTO "events" VALUES(8,1,0,1772438448.72,0,'ended','repaired');
INSERT INTO "events" VALUES(9,1,1,1772438448.76,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(10,1,2,1772438448.76,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(11,1,3,1772438448.76,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(12,1,3,1772438450.3,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.11136 guid=2f287d76-62be-e6e6-801e-33577837d4e8 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-004 computer=WS-004 ntrtscan=running/4724 tmbmserver=absent tmccsf=absent tmlisten=running/4556');
INSERT INTO "events" VALUES(13,1,3,1772438450.3,1,'stage','C:\Windows\apexsh-jvsmdbgwngfeggip');
INSERT INTO "events" VALUES(14,1,2,1772438450.9,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12032 guid=3b01c079-5915-e41b-57a1-78d08a244256 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-003 computer=WS-003 ntrtscan=running/2312 tmbmserver=running/2672 tmccsf=running/2432 tmlisten=running/2252');
INSERT INTO "events" VALUES(15,1,2,1772438450.9,1,'stage','C:\Windows\apexsh-ff8k4im47usci7cb');
INSERT INTO "events" VALUES(16,1,3,1772438451.16,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(17,1,3,1772438451.16,1,'execute','C:\Windows\apexsh-jvsmdbgwngfeggip\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-jvsmdbgwngfeggip\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(18,1,1,1772438451.54,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12032 guid=e4c1763c-cf0d-aa27-46b4-b746e6a607f1 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-002 computer=WS-002 ntrtscan=running/3920 tmbmserver=running/3940 tmccsf=absent tmlisten=running/3788');
INSERT INTO "events" VALUES(19,1,1,1772438451.54,1,'stage','C:\Windows\apexsh-gr3ga4dabia8avm2');
INSERT INTO "events" VALUES(20,1,2,1772438451.94,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(21,1,2,1772438451.94,1,'execute','C:\Windows\apexsh-ff8k4im47usci7cb\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-ff8k4im47usci7cb\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(22,1,1,1772438452.78,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(23,1,1,1772438452.78,1,'execute','C:\Windows\apexsh-gr3ga4dabia8avm2\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-gr3ga4dabia8avm2\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(24,1,3,1772438461.82,0,'executed','exit code 0');
INSERT INTO "events" VALUES(25,1,4,1772438461.82,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(26,1,4,1772438464.32,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=86f953c4-7100-7482-5b30-609dbcf9c539 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-005 computer=WS-005 ntrtscan=running/5996 tmbmserver=running/6184 tmccsf=running/6140 tmlisten=running/5924');
INSERT INTO "events" VALUES(27,1,4,1772438464.32,1,'stage','C:\Windows\apexsh-n3niihqy3zfunpav');
INSERT INTO "events" VALUES(28,1,4,1772438465.46,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(29,1,4,1772438465.46,1,'execute','C:\Windows\apexsh-n3niihqy3zfunpav\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-n3niihqy3zfunpav\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(30,1,2,1772438467.32,0,'executed','exit code 0');
INSERT INTO "events" VALUES(31,1,5,1772438468.58,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(32,1,5,1772438469.64,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=524d9d64-6f6e-0e1f-2219-529535512334 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-006 computer=WS-006 ntrtscan=running/7540 tmbmserver=absent tmccsf=running/7764 tmlisten=running/7428');
INSERT INTO "events" VALUES(33,1,5,1772438469.64,1,'stage','C:\Windows\apexsh-2htxxzr3fujucyff');
INSERT INTO "events" VALUES(34,1,5,1772438470.4,0,'staged','4 files, 2392 bytes, read back equal');
INSERT INTO "events" VALUES(35,1,5,1772438470.4,1,'execute','C:\Windows\apexsh-2htxxzr3fujucyff\IpXfer_x64.exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\Windows\apexsh-2htxxzr3fujucyff\OfcNTCer.dat -pwd ••••');
INSERT INTO "events" VALUES(36,1,1,1772438473.9,0,'executed','exit code 0');
INSERT INTO "events" VALUES(37,1,4,1772438475.44,0,'executed','exit code 0');
INSERT INTO "events" VALUES(38,1,6,1772438475.78,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(39,1,7,1772438476.74,1,'look','wave 2 of 2');
INSERT INTO "events" VALUES(40,1,6,1772438476.86,0,'looked','server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=229e2cb3-809c-41e8-e00e-d67b619ad360 machine=AMD64 certificate=other sha256=61344f334d05df28675e52873c7945772bc591215575a087aaf8f86d57811a05 shell=cmd.exe host=WS-007 computer=WS-007 ntrtscan=running/3052 tmbmserver=running/3192 tmccsf=running/3180 tmlisten=running/2988');
INSERT INTO "events" VALUES(41,1,6,1772438476.86,1,'stage','C:\Windows\apexsh-7r7f25bdhnmfkd3u');
CREATE TABLE inspections (
  server TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, at REAL, run INTEGER, command TEXT, facts TEXT,
  agent INTEGER, protected INTEGER, doubt INTEGER, after_event INTEGER, PRIMARY KEY (server, key)) WITHOUT ROWID;
INSERT INTO "inspections" VALUES('lab:8/none/1','ws-001','WS-001',1772438448.64,1,NULL,'server=apexone.contoso.local http=8080 https=4343 port=37462 folder=C:\Program%20Files%20(x86)\Trend%20Micro\Security%20Agent\ version=14.0.12737 guid=4c3ddb8a-ef3d-e402-0372-6e4fdedd5aca machine=AMD64 certificate=equal sha256=7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82 shell=cmd.exe host=WS-001 computer=WS-001 ntrtscan=running/7304 tmbmserver=running/7008 tmccsf=running/7536 tmlisten=running/7188',1,1,NULL,7);
CREATE TABLE installation (id TEXT NOT NULL);
INSERT INTO "installation" VALUES('e0ca7ecff8a24222');
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
INSERT INTO "run_agents" VALUES(1,0,'WS-001','ws-001',NULL,'repaired',NULL,1,'certificate equal, services running, tmlisten restarted',1,43.3,1772438448.72,8);
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
INSERT INTO "runs" VALUES(1,'lab:8/none/1','transfer','running','36e4d3b44f561e79','{"httpPort":8080,"options":{"force":false,"move":false,"waves":{"steps":[{"count":{"_0":1}},{"percentage":{"_0":100}}]},"connectSeconds":15,"executeSeconds":600,"settleSeconds":300,"changePort":false,"parallel":3,"maxFailures":{"percentage":{"_0":5}},"copySeconds":300,"retries":2,"maxUnprotected":{"count":{"_0":1}}},"agentPort":37462,"certificateSerial":"4AAF8AABCC5E9F802A219E5E9535E59E","httpsPort":4343,"certificateSHA256":"7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82","product":"apex-one","server":"lab:8\/none\/1","command":"C:\\Windows\\apexsh-XXXXXXXXXXXXXXXX\\IpXfer[_x64].exe -s apexone.contoso.local -p 8080 -sp 4343 -c 37462 -e C:\\Windows\\apexsh-XXXXXXXXXXXXXXXX\\OfcNTCer.dat -pwd ••••","remedy":"transfer","listTaken":1772438405.1,"agents":[],"recipe":{"noUnloadPassword":false,"certificateDiffers":false,"ownCertificateSHA256":"7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82","arguments":[]},"files":[{"name":"IpXfer.exe","size":2048,"sha256":"2e4964d87245733ad2db6600a18e7109918dd3a912a377db7a3f266daabee1f6"},{"name":"IpXfer_x64.exe","size":2048,"sha256":"8ef15bed861113e7a54222ceb9cce7de61ac078c322d74de964e961d0e767715"},{"name":"OfcNTCer.dat","size":293,"sha256":"7ea4ca2ce7593bdb240849cd496dca5bf01302b5f306c3745897d839aa178f82"},{"name":"TmSock.dll","size":25,"sha256":"0dd59826cb54fc458df7f7a5734ceb476469fdaba92edf2f92dc429520fc64a4"},{"name":"libcurl.dll","size":26,"sha256":"0502ed1322c25d573bc05bb29eb550320bb09263db803e9d1e262330920d8096"}],"serverName":"apexone.contoso.local","serverAliases":[]}',8,'8',NULL,1772438405.42,NULL,NULL);
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
