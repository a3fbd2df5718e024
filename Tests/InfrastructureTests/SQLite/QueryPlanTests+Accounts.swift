import Application
import Domain

extension QueryPlanTests {
    /// Calls every method of the repositories of accounts.
    func useEveryAccount(of writer: any StoreWriter) throws {
        try useUsers(of: writer)
        try useAccess(of: writer)
        try useCredits(of: writer)
        try useTrail(of: writer)
        try useSettings(of: writer)
        try useWebhooks(of: writer)
    }

    private func useSettings(of writer: any StoreWriter) throws {
        try writer.settingWriter.put(
            StoredSetting(
                name: "x", sealed: [1], overrides: false, changedAt: now, changedBy: StoreSample.id(1)))
        _ = try writer.settings.find("x")
        _ = try writer.settings.all()
        let revision = ConfigurationRevision(
            number: 1, checksum: "0123456789abcdef", author: nil, cause: .reload, at: now,
            changes: [SettingChange(name: "x", kind: .added, old: nil, new: "1")])
        try writer.revisionWriter.append(revision, of: writer.settings.all())
        _ = try writer.revisions.latest()
        _ = try writer.revisions.newest(50)
        _ = try writer.revisions.settings(of: 1)
        try writer.settingWriter.remove("x")
        _ = try writer.users.countsByTier()
        _ = try writer.credits.totals()
    }

    private var now: Timestamp { StoreSample.now }

    private func useUsers(of writer: any StoreWriter) throws {
        var user = try StoreSample.user(1)
        try writer.userWriter.insert(user)
        _ = try user.change(role: .admin, otherAdministrators: 1, at: now)
        try writer.userWriter.update(user)
        _ = try writer.users.find(user.id)
        _ = try writer.users.find(username: Username(stored: "user1"))
        _ = try writer.users.find(email: EmailAddress("user1@example.org"))
        _ = try writer.users.page(matching: nil, limit: 5, before: nil)
        _ = try writer.users.page(matching: "us", limit: 5, before: nil)
        _ = try writer.users.administrators(otherThan: user.id, at: now)
        _ = try writer.users.firstAdministrator(at: now)
        _ = try writer.users.counts()
        try writer.userWriter.setPasswordHash(PasswordHash("x"), of: user.id)
        _ = try writer.users.passwordHash(of: user.id)
        try writer.userWriter.setPasswordHash(nil, of: user.id)
    }

    private func useDepartures(of writer: any StoreWriter, _ user: Identifier<User>) throws {
        try writer.preferencesWriter.put(.ordinary, of: user)
        _ = try writer.preferences.find(user)
        try writer.preferencesWriter.forget(user)
        for count in [1, 0] {
            let allowance = count == 0 ? MailAllowance() : MailAllowance(since: now, count: count)
            try writer.mailedTokenWriter.put(allowance, of: user, for: .passwordReset)
            _ = try writer.mailedTokens.allowance(of: user, for: .passwordReset)
        }
        try writer.invitationWriter.forgetAddress(of: user)
        _ = try writer.uploads.page(of: user, limit: 5, after: nil)
        let leaver = try StoreSample.user(9)
        try writer.userWriter.insert(leaver)
        try writer.sessionWriter.forgetAll(of: leaver.id)
        try writer.keyWriter.forgetAll(of: leaver.id)
    }

    private func useAccess(of writer: any StoreWriter) throws {
        let user = StoreSample.id(1) as Identifier<User>
        var session = Session.start(id: StoreSample.id(1), user: user, device: "x", at: now).session
        try writer.sessionWriter.insert(session, refreshToken: StoreSample.token(1))
        _ = session.refresh(with: 0, at: now)
        try writer.sessionWriter.update(session, refreshToken: StoreSample.token(2))
        _ = try writer.sessions.find(session.id)
        _ = try writer.sessions.find(refreshToken: StoreSample.token(1))
        _ = try writer.sessions.active(of: user, at: now)
        _ = try writer.sessions.all(of: user)
        _ = try writer.sessionWriter.forget(overBefore: now, limit: 5)

        var key = try StoreSample.key(1)
        try writer.keyWriter.insert(key)
        _ = key.revoke(at: now)
        try writer.keyWriter.update(key)
        try writer.keyWriter.noteUse(of: key.id, at: now)
        _ = try writer.keys.find(key.id)
        _ = try writer.keys.find(hash: key.hash)
        _ = try writer.keys.all(of: user)
        _ = try writer.keys.countActive(of: user, at: now)
        try writer.keyWriter.forgetVoid(of: user, keeping: 5, at: now)
        _ = try writer.keyWriter.forget(voidBefore: now, limit: 5)
        try useDepartures(of: writer, user)

        var invitation = try StoreSample.invitation(1)
        try writer.invitationWriter.insert(invitation)
        _ = try invitation.withdraw(at: now)
        try writer.invitationWriter.update(invitation)
        _ = try writer.invitations.find(invitation.id)
        _ = try writer.invitations.find(hash: invitation.hash)
        _ = try writer.invitations.page(limit: 5, before: nil)

        let token = MailedToken(for: .passwordReset, of: user, hash: StoreSample.token(1), at: now)
        try writer.mailedTokenWriter.insert(token)
        try writer.mailedTokenWriter.update(token)
        _ = try writer.mailedTokens.find(hash: token.hash)
        try writer.mailedTokenWriter.forgetPasswordResets(of: user)
        try writer.mailedTokenWriter.forgetAll(of: user)
        _ = try writer.mailedTokenWriter.forget(expiredBefore: now, limit: 5)

        let throttle = SignInThrottle(failures: 1, lastFailureAt: now)
        try writer.throttleWriter.put(throttle, for: .name("x"))
        _ = try writer.throttles.find(.name("x"))
        try writer.throttleWriter.put(SignInThrottle(), for: .name("x"))
        _ = try writer.throttleWriter.forget(before: now, limit: 5)
    }

    private func useWebhooks(of writer: any StoreWriter) throws {
        var webhook = try StoreSample.webhook(1)
        try writer.webhookWriter.insert(webhook)
        webhook.rotate(to: [1], at: now)
        try writer.webhookWriter.update(webhook)
        _ = try writer.webhooks.find(webhook.id)
        _ = try writer.webhooks.all(of: User.local)
        try writer.webhookWriter.put(
            NotifySecret(
                id: StoreSample.id(1), owner: User.local, secrets: webhook.secrets, createdAt: now))
        _ = try writer.webhooks.notifySecret(of: User.local)
        let delivery = StoreSample.delivery(1)
        _ = try writer.webhookWriter.insert(delivery)
        try writer.webhookWriter.update(delivery)
        _ = try writer.webhooks.delivery(delivery.id)
        _ = try writer.webhooks.deliveries(to: webhook.id, limit: 5, before: delivery.id)
        _ = try writer.webhooks.deliveries(about: StoreSample.id(1), limit: 5, before: delivery.id)
        _ = try writer.webhookWriter.forgetDeliveries(before: now, limit: 5)
        try writer.webhookWriter.delete(webhook.id)
        try writer.webhookWriter.forgetAll(of: User.local)
    }

    private func useCredits(of writer: any StoreWriter) throws {
        let user = StoreSample.id(1) as Identifier<User>
        var ledger = try writer.credits.ledger(of: user)
        try writer.creditWriter.append([ledger.grant(5, at: now)], leadingTo: ledger)
        let (hold, entry) = try ledger.hold(1, as: StoreSample.id(1), for: StoreSample.id(1), at: now)
        try writer.creditWriter.append([entry], leadingTo: ledger)
        try writer.creditWriter.forgetReasons(of: user)
        try writer.creditWriter.put(hold)
        _ = try writer.credits.entries(of: user, limit: 5, before: nil)
        _ = try writer.credits.hold(hold.id)
        _ = try writer.credits.openHold(of: hold.task)
        _ = try writer.credits.latestHold(of: hold.task)
        _ = try writer.credits.holds(of: hold.task)
        _ = try writer.credits.openHolds(of: user)
        try writer.creditWriter.put(DailyAllowance(), of: user)
        _ = try writer.credits.allowance(of: user)
        _ = try writer.tiers.find(.free)
        _ = try writer.tiers.all()
        try writer.tierWriter.put(.free)
    }

    private func useTrail(of writer: any StoreWriter) throws {
        let user = StoreSample.id(1) as Identifier<User>
        let line = AuditEntry(
            id: StoreSample.id(1), at: now, action: .keyIssued, initiator: .user(user), subject: .server,
            address: nil, isSuccess: true)
        try writer.auditWriter.append(line)
        var filter = AuditFilter()
        _ = try writer.audit.page(filter, limit: 5, before: line.id)
        filter.action = .keyIssued
        _ = try writer.audit.page(filter, limit: 5, before: nil)
        filter.user = user
        _ = try writer.audit.page(filter, limit: 5, before: nil)
        filter = AuditFilter()
        filter.object = "\(user)"
        _ = try writer.audit.page(filter, limit: 5, before: nil)
        try writer.auditWriter.forget(user)
        _ = try writer.auditWriter.forgetAnonymous(before: now, limit: 5)
        try writer.accountEventWriter.append([StoreSample.event])
        _ = try writer.accountEvents.events(after: 0, limit: 5)
        _ = try writer.accountEvents.latestNumber()
        _ = try writer.accountEventWriter.forget(before: now, limit: 5)
    }
}
