import Application

/// Understands the words after `cutroom`.
struct CommandLineParser: Sendable {
    /// What was asked for.
    enum Request: Sendable {
        /// Help on one command, or on those that begin with these words.
        case help([String])
        /// The version.
        case version
        /// A command with what followed it and its flags by setting name.
        case run(Command, arguments: [String], flags: [String: [String]])
    }

    /// The commands that are understood.
    let commands: [Command]

    /// What the words ask for.
    ///
    /// - Throws: ``UsageError`` for what is not understood.
    func parse(_ words: [String]) throws(UsageError) -> Request {
        let beforeEnd = words.prefix { $0 != "--" }
        if beforeEnd.contains("--version") || words == ["version"] { return .version }
        if beforeEnd.contains("--help") || beforeEnd.contains("-h") || words.first == "help" {
            return .help(commandWords(of: beforeEnd.filter { !$0.hasPrefix("-") && $0 != "help" }))
        }
        guard !words.isEmpty else { throw UsageError("a command is missing", words: []) }
        let command = try command(named: words)
        return try parse(Array(words.dropFirst(command.words.count)), of: command)
    }

    private func commandWords(of words: [String]) -> [String] {
        var kept: [String] = []
        for word in words where commands.contains(where: { $0.words.starts(with: kept + [word]) }) {
            kept.append(word)
        }
        return kept
    }

    private func command(named words: [String]) throws(UsageError) -> Command {
        if let command = commands.first(where: { words.starts(with: $0.words) }) { return command }
        let group = commands.filter { $0.words.count > 1 && $0.words.first == words.first }
        let known = group.isEmpty ? commands.compactMap(\.words.first) : group.map { $0.words[1] }
        let prefix = group.isEmpty ? [] : [words[0]]
        guard words.count > prefix.count else {
            throw UsageError("\(words[0]) needs one of \(known.joined(separator: ", "))", words: prefix)
        }
        let unknown = words[prefix.count]
        let hint = suggestion(for: unknown, among: known).map { "; did you mean \($0)?" } ?? ""
        throw UsageError(
            "unknown command \((prefix + [unknown]).joined(separator: " "))\(hint)", words: prefix)
    }

    private func parse(_ words: [String], of command: Command) throws(UsageError) -> Request {
        let known = Dictionary(uniqueKeysWithValues: command.flags.map { ($0.flag, $0) })
        var arguments: [String] = []
        var flags: [String: [String]] = [:]
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                arguments.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard let setting = known[parts[0]] else {
                throw unknownFlag(parts[0], of: command, known: known.keys.sorted())
            }
            if parts.count == 2 {
                flags[setting.name, default: []].append(parts[1])
            } else if setting.isSwitch {
                flags[setting.name, default: []].append("true")
            } else if let value = rest.popFirst() {
                flags[setting.name, default: []].append(value)
            } else {
                throw UsageError("\(setting.flag) needs a value: \(setting.form)", words: command.words)
            }
        }
        let needed = command.arguments.filter { !$0.isOptional }
        if arguments.count < needed.count {
            throw UsageError("\(needed[arguments.count].name) is missing", words: command.words)
        }
        if arguments.count > command.arguments.count {
            throw UsageError("\"\(arguments[command.arguments.count])\" is too much", words: command.words)
        }
        return .run(command, arguments: arguments, flags: flags)
    }

    private func unknownFlag(_ flag: String, of command: Command, known: [String]) -> UsageError {
        let hint = suggestion(for: flag, among: known + ["--help"]).map { "; did you mean \($0)?" } ?? ""
        return UsageError("unknown option \(flag)\(hint)", words: command.words)
    }
}

/// Words that are not understood.
struct UsageError: Error {
    /// What is wrong with them.
    let line: String
    /// The words of the command whose help helps.
    let words: [String]

    /// Words that are not understood.
    init(_ line: String, words: [String]) {
        self.line = line
        self.words = words
    }

    /// Where help is found.
    var hint: String {
        "try: " + (["cutroom"] + words + ["--help"]).joined(separator: " ")
    }
}
