public import Domain

/// Lists users for an administrator, newest first.
public struct SearchUsers: Sendable {
    private let desk: AccountDesk
    private let input: TypedInput

    /// The use case over its ports.
    public init(desk: AccountDesk, input: TypedInput) {
        self.desk = desk
        self.input = input
    }

    /// Up to `limit` (brought into ``Domain/PageSize/range``) users made before the one at `cursor`.
    ///
    /// - Parameter text: What the username or the address begins with, in any case; nil or nothing for all.
    /// - Throws: ``Domain/AccessError``.
    public func callAsFunction(
        _ text: String? = nil, by caller: Caller, limit: Int = PageSize.usual,
        before cursor: Identifier<User>? = nil
    ) throws -> Page<User, Identifier<User>> {
        try caller.require(.admin)
        let limit = PageSize.nearest(to: limit)
        // In the form in which names and addresses are compared.
        let key = text.map { Username(stored: input.text($0)).key } ?? ""
        return try desk.store.read {
            try $0.users.page(matching: key.isEmpty ? nil : key, limit: limit, before: cursor)
        }
    }
}
