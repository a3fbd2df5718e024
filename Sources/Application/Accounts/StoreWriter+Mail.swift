import Domain

extension StoreWriter {
    /// Keeps a token that is about to be mailed, in place of an earlier one of its kind.
    ///
    /// - Returns: False when its user has been mailed enough for now: then the earlier one stays good.
    func keep(_ token: MailedToken, forMailAt now: Timestamp) throws -> Bool {
        var allowance = try mailedTokens.allowance(of: token.user, for: token.purpose.kind)
        guard allowance.take(at: now) else { return false }
        try mailedTokenWriter.put(allowance, of: token.user, for: token.purpose.kind)
        try mailedTokenWriter.insert(token)
        return true
    }
}
