/// A time zone as a file of the IANA database describes it (TZif, RFC 9636).
struct ZoneFile: Sendable {
    /// A stretch of time in which the clocks of a zone are as far ahead of UTC.
    struct Stretch: Equatable {
        /// Its first second, since 1970; `.min` for the first stretch of all.
        let start: Int64
        /// The first second after it; `.max` for the last stretch of all.
        let end: Int64
        /// How many seconds the clocks are ahead.
        let offset: Int64
    }

    /// The seconds in which the clocks were or will be changed, rising.
    private let changes: [Int64]
    /// How far the clocks are ahead before the first change, then after each.
    private let offsets: [Int64]
    /// What holds from the last change on; nil when that is as it was after it.
    private let rule: ZoneRule?

    /// The zone whose clocks are never changed.
    static let utc = ZoneFile(offset: 0)

    private init(offset: Int64) {
        changes = []
        offsets = [offset]
        rule = nil
    }

    /// Reads a file; nil when it is none, of the version of before 2005, or one that counts leap seconds.
    init?(_ bytes: [UInt8]) {
        // The first part is for readers of before 2005, the same again follows with longer numbers.
        guard let old = Header(bytes, at: 0), old.version >= UInt8(ascii: "2"),
            let header = Header(bytes, at: Header.length + old.length(ofTime: 4)), header.leapSeconds == 0
        else { return nil }
        var position = Header.length + old.length(ofTime: 4) + Header.length
        let end = position + header.length(ofTime: 8)
        // The rule stands between two ends of lines.
        guard end < bytes.count, header.types > 0, bytes[end] == UInt8(ascii: "\n"),
            let rule = bytes[(end + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }

        func number(_ length: Int) -> Int64 {
            defer { position += length }
            let first = Int64(Int8(bitPattern: bytes[position]))
            return bytes[(position + 1)..<(position + length)].reduce(first) { $0 << 8 | Int64($1) }
        }
        changes = (0..<header.changes).map { _ in number(8) }
        let kinds = (0..<header.changes).map { _ in Int(UInt8(truncatingIfNeeded: number(1))) }
        let known = (0..<header.types).map { _ in
            defer { position += 2 }
            return number(4)
        }
        guard kinds.allSatisfy({ $0 < known.count }),
            zip(changes, changes.dropFirst()).allSatisfy({ $0 < $1 })
        else { return nil }
        offsets = [known[0]] + kinds.map { known[$0] }

        let text = String(decoding: bytes[(end + 1)..<rule], as: UTF8.self)
        self.rule = ZoneRule(text)
        // A rule that is not understood is not one that is not there.
        if self.rule == nil, !text.isEmpty { return nil }
    }

    /// The stretch that contains a second.
    func stretch(at second: Int64) -> Stretch {
        // The number of changes that have come by then.
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= second { low = middle + 1 } else { high = middle }
        }
        let start = low == 0 ? Int64.min : changes[low - 1]
        guard low == changes.count, let rule else {
            return Stretch(
                start: start, end: low < changes.count ? changes[low] : .max, offset: offsets[low])
        }
        let stretch = rule.stretch(at: second)
        return Stretch(start: max(start, stretch.start), end: stretch.end, offset: stretch.offset)
    }
}

/// How much of each thing follows.
private struct Header {
    static let length = 44

    let version: UInt8
    let leapSeconds: Int
    let changes: Int
    let types: Int
    private let universalMarks: Int
    private let standardMarks: Int
    private let letters: Int

    init?(_ bytes: [UInt8], at start: Int) {
        guard start >= 0, bytes.count - start >= Self.length, bytes[start...].starts(with: "TZif".utf8) else {
            return nil
        }
        func count(_ index: Int) -> Int {
            let first = start + 20 + 4 * index
            return bytes[first..<first + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        version = bytes[start + 4]
        universalMarks = count(0)
        standardMarks = count(1)
        leapSeconds = count(2)
        changes = count(3)
        types = count(4)
        letters = count(5)
    }

    /// How many bytes follow, when a moment takes that many.
    func length(ofTime time: Int) -> Int {
        changes * (time + 1) + types * 6 + letters + leapSeconds * (time + 4) + standardMarks + universalMarks
    }
}
