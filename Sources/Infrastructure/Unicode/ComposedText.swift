import Application
import CUnistring
import Glibc

/// Brings text into Unicode's composed form (NFC, Unicode Standard Annex 15), by libunistring.
package struct ComposedText: TextNormaliser {
    /// A normaliser.
    package init() {}

    package func normalise(_ text: String) -> String {
        // Below U+0080 nothing can be composed.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        let bytes = Array(text.utf8)
        var length = 0
        guard let composed = cutroom_compose(bytes, bytes.count, nil, &length) else {
            // It fails for want of memory, or for bytes that are no UTF-8, which a String never holds.
            preconditionFailure("a text of \(bytes.count) bytes cannot be composed")
        }
        defer { free(composed) }
        return String(decoding: UnsafeBufferPointer(start: composed, count: length), as: UTF8.self)
    }
}
