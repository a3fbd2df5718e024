/// Keeps secrets out of the log: by the names of fields, and by what values look like.
package enum Redaction {
    /// What stands where a secret stood.
    package static let mark = "[redacted]"

    /// Words that make a field a secret, whatever is in it.
    private static let secretNames: Set<Substring> = [
        "password", "passwd", "passphrase", "secret", "token", "authorization", "cookie", "credential",
        "credentials", "apikey", "signature",
    ]
    /// Words that make a field one in which an address of mail is meant to stand.
    private static let mailNames: Set<Substring> = ["email", "mail", "to", "recipient", "sender"]
    /// Parameters of addresses that let people in.
    private static let secretParameters: Set<String> = [
        "access_token", "api_key", "apikey", "auth", "code", "key", "password", "secret", "sig", "signature",
        "token", "x-amz-signature",
    ]
    /// What tokens of this program begin with.
    private static let tokenPrefixes = ["cr_", "crr_", "cri_", "crp_", "crv_", "whsec_"]

    /// A field as it may be written.
    static func redacted(_ field: LogField) -> LogField {
        guard case .text(let text) = field.value else { return field }
        let words = field.name.split(separator: "_").map { Substring($0.lowercased()) }
        let isKey = words.last == "key" && words.contains { $0 == "api" || $0 == "private" }
        if isKey || words.contains(where: secretNames.contains) {
            return LogField(name: field.name, value: .text(mark))
        }
        let shown = redacted(text, keepsMail: words.contains(where: mailNames.contains))
        return LogField(name: field.name, value: .text(shown))
    }

    /// A text without bearer tokens, tokens of this program, JSON Web Tokens, passwords and secret parameters of
    /// addresses, and addresses of mail unless those are meant.
    package static func redacted(_ text: String, keepsMail: Bool = false) -> String {
        // Most texts hold none of the few bytes without which there is nothing to hide.
        guard mayHoldSecrets(text) else { return text }
        var result = ""
        var isCredential = false
        var word = Substring()
        func flush() {
            guard !word.isEmpty else { return }
            let lower = word.lowercased()
            if isCredential {
                result += mark
                isCredential = false
            } else {
                result += redacted(word: word, keepsMail: keepsMail)
                isCredential = lower == "bearer" || lower == "basic"
            }
            word = Substring()
        }
        var rest = Substring(text)
        while let character = rest.first {
            if isBreak(character) {
                flush()
                // A word of its own ends at anything but the space behind it.
                if character != " " && character != ":" { isCredential = false }
                result.append(character)
                rest.removeFirst()
            } else {
                word = rest.prefix { !isBreak($0) }
                rest = rest[word.endIndex...]
                flush()
            }
        }
        return result
    }

    private static func mayHoldSecrets(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            // An at sign; “cr…_” or “whsec_”; “eyJ”; the end of “bearer” or “basic”; a parameter of an address.
            switch (previous | 0x20, byte) {
            case (_, UInt8(ascii: "@")), (_, UInt8(ascii: "_")), (UInt8(ascii: "e"), UInt8(ascii: "y")),
                (_, UInt8(ascii: "=")), (UInt8(ascii: "b"), UInt8(ascii: "e")),
                (UInt8(ascii: "b"), UInt8(ascii: "E")), (UInt8(ascii: "b"), UInt8(ascii: "a")),
                (UInt8(ascii: "b"), UInt8(ascii: "A")):
                return true
            default: previous = byte
            }
        }
        return false
    }

    private static func isBreak(_ character: Character) -> Bool {
        character.isWhitespace || "\"'`,;<>()[]{}|".contains(character)
    }

    private static func redacted(word: Substring, keepsMail: Bool) -> String {
        if let mark = word.firstRange(of: "://") { return redacted(address: word, behind: mark.upperBound) }
        if let equals = word.firstIndex(of: "=") {
            let name = word[..<equals].lowercased()
            if secretParameters.contains(name) { return word[...equals] + mark }
            return word[...equals] + redacted(word: word[word.index(after: equals)...], keepsMail: keepsMail)
        }
        // “Password:hunter2” and “key:cr_…” are two words.
        if let colon = word.firstIndex(of: ":"), colon != word.startIndex {
            return word[...colon] + redacted(word: word[word.index(after: colon)...], keepsMail: keepsMail)
        }
        if isToken(word) { return mark }
        if let query = word.firstIndex(of: "?") { return word[..<query] + redacted(query: word[query...]) }
        return !keepsMail && isMail(word) ? "[email]" : String(word)
    }

    /// An address without the password of its user, and without parameters that let people in.
    private static func redacted(address: Substring, behind start: Substring.Index) -> String {
        let end = address[start...].firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? address.endIndex
        var result = String(address[..<start])
        if let at = address[start..<end].lastIndex(of: "@") {
            result += mark
            result += address[at..<end]
        } else {
            result += address[start..<end]
        }
        let rest = address[end...]
        guard let query = rest.firstIndex(of: "?") else { return result + redacted(path: rest) }
        return result + redacted(path: rest[..<query]) + redacted(query: rest[query...])
    }

    private static func redacted(path: Substring) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { isToken($0) ? mark : String($0) }
            .joined(separator: "/")
    }

    private static func redacted(query: Substring) -> String {
        query.split(separator: "&", omittingEmptySubsequences: false).map { item in
            guard let equals = item.firstIndex(of: "=") else { return String(item) }
            let name = item[..<equals].drop { $0 == "?" }.lowercased()
            let value = item[item.index(after: equals)...]
            return item[...equals]
                + (secretParameters.contains(name) || isToken(value) ? mark : String(value))
        }.joined(separator: "&")
    }

    /// Whether a word is a token: one of ours, or a JSON Web Token (RFC 7519).
    private static func isToken(_ word: Substring) -> Bool {
        if word.utf8.count >= 16, tokenPrefixes.contains(where: { word.hasPrefix($0) }) { return true }
        return word.hasPrefix("eyJ") && word.utf8.count(where: { $0 == UInt8(ascii: ".") }) >= 2
    }

    private static func isMail(_ word: Substring) -> Bool {
        guard let at = word.lastIndex(of: "@"), at != word.startIndex else { return false }
        let domain = word[word.index(after: at)...]
        return domain.contains(".") && !domain.hasPrefix(".") && !domain.contains("/")
    }
}
