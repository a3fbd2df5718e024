import Domain
import FoundationEssentials
import Glibc

/// What stands in the header fields of a message.
enum MailHeader {
    /// The most bytes of an encoded word (RFC 2047, section 2).
    private static let greatestWord = 75
    /// The most bytes that are written as they are, well below the 78 of RFC 5322, section 2.1.1.
    private static let greatestPlainText = 60

    /// A text on one line, whatever was in it, as a subject has it.
    ///
    /// - Parameter used: How many bytes stand before it on its line.
    static func text(_ text: String, after used: Int) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !text.contains("=?")
        return isPlain && text.utf8.count <= greatestPlainText ? text : encoded(text, after: used)
    }

    /// A text on one line that stands before an address: plain only where none of its signs means something there.
    static func phrase(_ text: String, after used: Int) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: " !'*+-/".utf8.contains(byte)
            }
        }
        return isPlain && text.utf8.count <= greatestPlainText ? text : encoded(text, after: used)
    }

    /// A text in encoded words (RFC 2047), each on a line of its own.
    private static func encoded(_ text: String, after used: Int) -> String {
        // Four letters for three bytes, after =?UTF-8?B? and before ?=.
        let room = (greatestWord - 12) / 4 * 3
        let roomOnFirstLine = max(4, (greatestWord - 12 - used) / 4 * 3)
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            // A word ends with a whole scalar.
            let bytes = Array(String(scalar.properties.generalCategory == .control ? " " : scalar).utf8)
            let room = words.count == 1 ? roomOnFirstLine : room
            if words[words.count - 1].count + bytes.count > room { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// A moment in UTC (RFC 5322, section 3.3).
    static func date(_ moment: Timestamp) -> String {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(weekdays[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)])"
        let time = "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))"
        return "\(day) \(parts.tm_year + 1900) \(time) +0000"
    }
}
