public import Domain

/// Gives an API key another name.
public struct RenameAPIKey: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput

    /// The use case over its ports.
    public init(desk: AccountDesk, input: TypedInput) {
        self.desk = desk
        self.input = input
    }

    /// Renames the key.
    ///
    /// - Throws: ``Domain/AccessError``, ``NotFound/apiKey``, ``Domain/APIKeyError``.
    public func callAsFunction(
        _ id: Identifier<APIKey>, to name: String, by caller: Caller, from origin: Origin
    ) async throws -> APIKey {
        try caller.require(.accountSecurity)
        let deed = desk.deed(by: caller, from: origin)
        let name = input.text(name)
        return try await desk.store.write { writer in
            try writer.change(id, of: caller, doing: deed) { key throws(APIKeyError) in
                try key.rename(to: name, at: deed.now)
            }
        }
    }
}

extension StoreWriter {
    /// Changes a key of the caller's own; someone else's is not there.
    ///
    /// - Throws: ``NotFound/apiKey``, and what the body throws.
    func change(
        _ id: Identifier<APIKey>, of caller: Caller, doing deed: Deed,
        _ body: (inout APIKey) throws(APIKeyError) -> [AccountEvent]
    ) throws -> APIKey {
        guard var key = try keys.find(id), caller.owns(key.owner) else { throw NotFound.apiKey }
        let events = try body(&key)
        guard !events.isEmpty else { return key }
        try keyWriter.update(key)
        try record(events, of: deed)
        return key
    }
}
