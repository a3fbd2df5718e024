import Domain

/// What people are written, in plain text.
public struct Letters: Sendable {
    private let site: String

    /// Letters of a server.
    ///
    /// - Parameter site: What people know the server by, such as its address.
    public init(site: String) {
        self.site = site
    }

    /// Asks somebody to show that mail to this address arrives.
    func verification(to recipient: EmailAddress, token: SecretToken) -> Mail {
        Mail(
            to: recipient, subject: "Confirm your address for \(site)",
            text: """
                Somebody gave this address for an account at \(site). To confirm that it is yours, \
                enter this code within a day:

                \(token.text)

                If it was not you, do nothing.
                """)
    }

    /// Lets somebody choose a new password.
    func passwordReset(to recipient: EmailAddress, token: SecretToken) -> Mail {
        Mail(
            to: recipient, subject: "Choose a new password for \(site)",
            text: """
                Somebody asked for a new password for your account at \(site). To choose one, \
                enter this code within an hour:

                \(token.text)

                Whoever is signed in will be signed out then, and all your API keys will be void.

                If it was not you, do nothing: your password stays as it is.
                """)
    }

    /// Tells somebody that the account has gone to another address.
    func moved(from recipient: EmailAddress) -> Mail {
        Mail(
            to: recipient, subject: "Your account at \(site) has another address",
            text: """
                Your account at \(site) has another e-mail address from now on, and this one is free.

                If it was not you, tell the administrator of \(site) at once.
                """)
    }

    /// Tells somebody that a task has ended.
    func ended(_ task: VideoTask, to recipient: EmailAddress) -> Mail {
        let (subject, text) =
            if case .failed(let failure) = task.status {
                ("A task at \(site) has failed", "It has failed: \(failure.message)")
            } else {
                ("Your clips at \(site) are ready", "Its clips are ready.")
            }
        return Mail(
            to: recipient, subject: subject,
            text: """
                \(task.title)

                \(text)

                You get this letter since you asked for it in your preferences; there you can do without.
                """)
    }

    /// Tells somebody that an API key was made for the account, without the key.
    func keyIssued(_ key: APIKey, to recipient: EmailAddress) -> Mail {
        let scopes = Scope.allCases.filter(key.scopes.contains).map(\.rawValue).joined(separator: ", ")
        let end = key.expiresAt.map { "on \(CivilDate(of: $0)) (UTC)" } ?? "never, until it is revoked"
        return Mail(
            to: recipient, subject: "A new API key for your account at \(site)",
            text: """
                An API key was made for your account at \(site):

                Name: \(key.name)
                Allows: \(scopes)
                Expires: \(end)

                Whoever has the key can do that in your name. If it was you, there is nothing to do.

                If it was not you, somebody else is signed in to your account: change your password, which ends all \
                other sessions, and have it revoke all API keys. If you cannot sign in, tell the administrator of \
                \(site) at once.
                """)
    }

    /// Invites somebody to sign up.
    func invitation(to recipient: EmailAddress, token: SecretToken) -> Mail {
        Mail(
            to: recipient, subject: "You are invited to \(site)",
            text: """
                You are invited to have an account at \(site). To sign up with this address, enter this code:

                \(token.text)
                """)
    }
}
