import Application
import Domain

extension TokenHash: Bindable {
    package func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        bytes.bind(to: statement, at: index)
    }

    package var byteCount: Int { bytes.count }
}

extension Row {
    /// The next column as the hash of a token.
    mutating func nextTokenHash() throws -> TokenHash {
        guard let hash = TokenHash(bytes: next()) else {
            throw PortError.corrupt("the hash of a token of the wrong length")
        }
        return hash
    }

    /// The next column as an address; nil where there is none.
    mutating func nextEmail() throws -> EmailAddress? {
        guard let text = next(String?.self) else { return nil }
        guard let address = EmailAddress(stored: text) else {
            throw PortError.corrupt("an address without an at sign")
        }
        return address
    }
}
