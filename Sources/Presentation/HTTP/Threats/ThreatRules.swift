/// What requests are held against; free text and bodies never are, see `ThreatScreen`.
///
/// Texts are written as `CanonicalText` writes them: lower case, no white space but between two words.
enum ThreatRules {
    static let all =
        files + encodings + databases + directories + commands + scripts + headers + scanners + probes

    // MARK: Files

    private static let files: [ThreatRule] = [
        ThreatRule("parent_folder", .traversal, .critical, in: .path, ["/../", "/..\u{2}", "/..;/", "..;"]),
        ThreatRule(
            "parent_folders", .traversal, .critical, in: .target, ["../../", "....//", "\u{1}../", "/../../"]),
        ThreatRule("parent_folder_within", .traversal, .error, in: .query, ["/../"]),
        ThreatRule(
            "system_file", .traversal, .critical, in: .target, standing: .start,
            [
                "etc/passwd", "etc/shadow", "etc/group", "etc/hosts", "proc/self", "boot.ini", "win.ini",
                "windows/system32", "winnt/system32", "id_rsa", "authorized_keys", "secret.key",
            ]),
        ThreatRule(
            "hidden_file", .traversal, .critical, in: .target,
            [
                "/.git/", "/.env", "/.aws/", "/.ssh/", "/.svn/", "/.hg/", "/.htpasswd", "/.htaccess",
                "/web-inf/", "/.ds_store", "/.kube/", "/.docker/",
            ]),
    ]

    // MARK: Encodings

    /// Found by `CanonicalText` itself.
    static let disguise = ThreatRule("disguised_byte", .encoding, .critical, in: .target, [])
    static let lineBreak = ThreatRule("line_break", .header, .critical, in: .target, [])

    private static let encodings: [ThreatRule] = [disguise, lineBreak]

    private static let headers: [ThreatRule] = [
        ThreatRule(
            "header_field", .header, .critical, in: .target,
            ["set-cookie:", "http/1.1 2", "\u{560A}\u{560D}"])
    ]

    // MARK: Databases

    private static let databases: [ThreatRule] = [
        ThreatRule(
            "sql_comparison", .sql, .critical, in: .anywhere, standing: .comparison,
            ["or", "and", "xor", "||", "&&"]),
        ThreatRule(
            "sql_union", .sql, .critical, in: .anywhere, standing: .broken,
            ["union select", "union all select", "union distinct select", "union(select", "union all(select"]),
        ThreatRule(
            "sql_schema", .sql, .critical, in: .anywhere, standing: .word,
            [
                "information_schema", "sqlite_master", "sqlite_schema", "sysobjects", "syscolumns",
                "pg_catalog", "mysql.user", "xp_cmdshell", "sp_executesql", "sp_oacreate", "dbms_pipe",
                "dbms_lock", "utl_inaddr", "utl_http", "@@version",
            ]),
        ThreatRule(
            "sql_delay", .sql, .critical, in: .anywhere, standing: .start,
            ["sleep(", "benchmark(", "pg_sleep(", "waitfor delay", "waitfor time", "sysdate(", "randomblob("]),
        ThreatRule(
            "sql_function", .sql, .critical, in: .target, standing: .start,
            [
                "extractvalue(", "updatexml(", "load_file(", "group_concat(", "procedure analyse(",
                "into outfile", "into dumpfile", "substring((select", "cast((select", "exists(select",
                "concat(0x", "having 1=1",
            ]),
        ThreatRule(
            "sql_value", .sql, .error, in: .target, standing: .start,
            ["version(", "database(", "current_user("]),
        ThreatRule(
            "sql_statement", .sql, .critical, in: .target,
            [
                ";drop table", ";drop database", ";delete from", ";insert into", ";update ",
                ";exec ", ";execute ", ";shutdown", ";truncate ", ";alter table", ";create table",
                ";declare ", ";waitfor ", ";merge into",
                ";select", "declare@", "exec(@", "exec sp_", "exec xp_", "exec('", "(select top ",
            ]),
        ThreatRule(
            "sql_comment", .sql, .critical, in: .target,
            [
                "'--", "\"--", "')--", "';--", "'#\u{2}", "\"#\u{2}", "'/*", "'or true", "\"or true",
                "or true--", "'or false", "'or not ", "'or 1", "\"or 1", "'or'1", "'or''", "\"or\"\"",
                "'or'\u{2}", "\"or\"\u{2}", "or 1--", "or 1/*", "or 1#", "or(exists", "or isnull(",
                "'*'\u{2}",
                "'-'\u{2}", "'^'\u{2}", "'&'\u{2}", "'+'\u{2}",
            ]),
        ThreatRule("sql_comment_at_end", .sql, .warning, in: .target, ["--\u{2}", "#\u{2}", "/*\u{2}"]),
        ThreatRule(
            "sql_order", .sql, .critical, in: .target, standing: .broken,
            (1...9).flatMap { ["order by \($0)", "group by \($0)"] }),
        ThreatRule(
            "sql_query", .sql, .critical, in: .target, standing: .start,
            [
                "select*from", "from dual", "select password", "select username",
                "from information_schema", "select null", "select count(*)", "select sql from",
                "select @@", "select version(",
            ]),
        ThreatRule(
            "nosql_operator", .nosql, .critical, in: .target,
            [
                "ne", "eq", "gt", "gte", "lt", "lte", "in", "nin", "or", "and", "not", "nor", "regex",
                "exists", "where", "all", "size", "expr", "elemmatch", "function",
            ].flatMap { ["[$\($0)]", "\"$\($0)\":", "'$\($0)':", "{$\($0):"] } + [
                "$where:", "$or:[", "$and:[", "$comment:",
            ]),
        ThreatRule(
            "nosql_code", .nosql, .critical, in: .target,
            ["';return ", "\";return ", "return true;", "this.password", "return this."]),
    ]

    private static let directories: [ThreatRule] = [
        ThreatRule(
            "ldap_filter", .ldap, .critical, in: .target,
            [
                "*)(", ")(&", ")(|", "(|(", "(&(", "(!(", "*))", "*()|", "(objectclass=", "(uid=*", "(cn=*",
                ")(password=",
            ])
    ]

    // MARK: Commands

    private static let names = [
        "cat", "whoami", "wget", "curl", "nc", "ncat", "ping", "sleep", "bash", "python", "python3", "perl",
        "php", "ruby", "rm", "uname", "chmod", "chown", "nslookup", "powershell", "cmd", "echo", "sh",
        "ifconfig", "ipconfig", "netstat", "kill", "touch", "net user", "systeminfo", "tftp",
    ]
    /// Names that are also those of ordinary things.
    private static let commonNames = ["id", "ls", "dir", "type", "ps", "mv", "cp"]

    private static let commands: [ThreatRule] = [
        ThreatRule(
            "command", .command, .critical, in: .target, standing: .command,
            [";", "|", "&", "`", "$(", "{"].flatMap { sign in names.map { sign + $0 } }
                + [";", "\u{1}|", "||", "&&", "`", "$("].flatMap { sign in commonNames.map { sign + $0 } }),
        ThreatRule(
            "command_in_field", .command, .critical, in: .field, standing: .command,
            ["`", "$("].flatMap { sign in (names + commonNames).map { sign + $0 } }),
        ThreatRule(
            "shell", .command, .critical, in: .anywhere,
            [
                "/bin/sh", "/bin/bash", "/bin/cat", "/bin/id", "cmd.exe", "powershell-e", "${ifs}",
                "/dev/tcp/", "|sh\u{2}", "|bash\u{2}",
            ]),
        ThreatRule("shellshock", .command, .critical, in: .field, ["\u{1}(){", "(){:", "(){ignored"]),
        ThreatRule("shellshock_in_target", .command, .critical, in: .target, ["(){:", "\u{1}(){"]),
        ThreatRule(
            "lookup", .command, .critical, in: .anywhere,
            ["${jndi:", "${lower:", "${upper:", "${env:", "${sys:", "${::-", "${${"]),
        ThreatRule(
            "template", .command, .critical, in: .target,
            [
                "{{7*7", "${7*7", "#{7*7", "<%=", "__class__", "__globals__", "__import__", "java.lang.",
                "getruntime(", "%{(#", "${t(", "#{t(", "{{config", "{{self", "{{request",
            ]),
        ThreatRule(
            "inner_address", .command, .critical, in: .query, standing: .start,
            [
                "169.254.169.254", "metadata.google.internal", "gopher://", "dict://", "php://", "expect://",
                "phar://", "file:///", "ldap://", "jar:http", "netdoc:", "tftp://",
            ]),
    ]

    // MARK: Scripts

    private static let scripts: [ThreatRule] = [
        ThreatRule(
            "tag", .script, .critical, in: .anywhere, standing: .word,
            [
                "script", "iframe", "svg", "img", "body", "embed", "object", "base", "link", "meta", "style",
                "form", "isindex", "marquee", "math", "video", "audio", "details", "input", "applet",
                "frameset", "textarea", "button", "a href", "x on", "keygen", "template",
            ].flatMap { ["<\($0)"] } + ["</script"]),
        ThreatRule(
            "script_address", .script, .critical, in: .anywhere, standing: .start,
            ["javascript:", "vbscript:", "data:text/html", "livescript:"]),
        ThreatRule(
            "script_code", .script, .critical, in: .anywhere,
            [
                "document.cookie", "document.write(", "string.fromcharcode(", "srcdoc=", "'-alert(",
                "\"-alert(",
                "';alert(", "\";alert(", "window.location=", "xlink:href=",
            ]),
        ThreatRule(
            "script_call", .script, .warning, in: .target, standing: .start,
            ["alert(", "prompt(", "confirm("]),
        ThreatRule(
            "script_evaluation", .script, .error, in: .target, standing: .start,
            ["eval(", "settimeout(", "atob("]),
        ThreatRule("handler", .script, .error, in: .anywhere, standing: .handler, ["on"]),
    ]

    // MARK: Programs

    private static let scanners: [ThreatRule] = [
        ThreatRule(
            "scanner", .scanner, .critical, in: .agent, standing: .start,
            [
                "sqlmap", "nikto", "nmap scripting engine", "masscan", "zgrab", "gobuster", "feroxbuster",
                "fuzz faster u fool", "wfuzz", "nuclei", "wpscan", "dirbuster", "dirsearch", "acunetix",
                "w3af", "arachni", "zmeu", "nessus", "openvas", "whatweb", "havij", "skipfish", "jorgee",
                "commix", "netsparker", "joomscan", "morfeus", "metasploit", "burpsuite", "fimap", "sqlninja",
            ])
    ]

    private static let probes: [ThreatRule] = [
        ThreatRule(
            "forbidden_extension", .probe, .critical, in: .path, standing: .segment,
            [
                "php", "php3", "php5", "php7", "phtml", "phar", "asp", "aspx", "asa", "ashx", "asmx", "jsp",
                "jspx", "jspf", "cfm", "cgi", "pl", "exe", "dll", "com", "bat", "cmd", "sh", "bash", "ps1",
                "vbs", "sql", "sqlite", "db", "mdb", "bak", "backup", "old", "orig", "swp", "ini", "conf",
                "config", "cnf", "inc", "pem", "key", "p12", "pfx", "action", "do", "env", "log",
            ].map { ".\($0)" }),
        ThreatRule(
            "foreign_page", .probe, .critical, in: .path,
            [
                "/wp-", "/phpmyadmin", "/cgi-bin/", "/hnap1", "/boaform", "/actuator", "/solr/",
                "/vendor/phpunit", "/server-status", "/manager/html", "/owa/", "/struts", "/jenkins",
                "/_ignition", "/telescope/", "/druid/", "/console/", "/eval-stdin",
            ]),
    ]
}
