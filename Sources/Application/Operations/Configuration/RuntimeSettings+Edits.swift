import Domain

extension RuntimeSettings {
    /// What is to be set, so that these values hold, by name; nil takes a value back.
    ///
    /// - Throws: ``Domain/ConfigurationRefusal/unusable(_:)`` with everything that is wrong at once.
    func edits(_ texts: [String: String?], by user: Identifier<User>, at now: Timestamp) throws
        -> [String: StoredSetting?]
    {
        let reasons = refusals(of: texts)
        guard reasons.isEmpty else { throw ConfigurationRefusal.unusable(reasons) }
        var edits: [String: StoredSetting?] = [:]
        for (name, text) in texts {
            guard let text else {
                edits[name] = .some(nil)
                continue
            }
            edits[name] = StoredSetting(
                name: name, sealed: try seal(text, for: find(name)), overrides: true, changedAt: now,
                changedBy: user)
        }
        return edits
    }

    /// Why these values cannot be set, by name; nil takes a value back.
    func refusals(of texts: [String: String?]) -> [String: String] {
        var reasons: [String: String] = [:]
        for (name, text) in texts {
            guard let known = configuration.setting(named: name) else {
                reasons[name] = "is no setting"
                continue
            }
            guard let setting = try? find(name) else {
                reasons[name] =
                    "cannot be changed while the server runs; \(known.declaration.variable) sets it"
                continue
            }
            guard let text else { continue }
            if setting.given == .flag {
                reasons[name] = "is set by a flag of the command line, which comes before all else"
            } else if let expectation = setting.expectation(text) {
                reasons[name] = expectation
            }
        }
        return reasons
    }

    /// What has to be edited, so that just these are set.
    func edits(leadingTo target: [StoredSetting], in reader: any StoreReader) throws
        -> [String: StoredSetting?]
    {
        var edits: [String: StoredSetting?] = [:]
        for stored in try reader.settings.all() { edits[stored.name] = .some(nil) }
        for stored in target { edits[stored.name] = stored }
        return edits
    }

    /// What is set while the server runs and may be seen, by name: the texts as they were set.
    func exported(in reader: any StoreReader) throws -> [(name: String, text: String)] {
        try reader.settings.all().compactMap { stored in
            guard let setting = try? find(stored.name), let text = text(of: stored, for: setting),
                setting.isPublic(text)
            else { return nil }
            return (stored.name, text)
        }
    }
}
