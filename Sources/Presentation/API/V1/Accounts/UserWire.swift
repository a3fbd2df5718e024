internal import Application
internal import Domain

/// How users stand on the wire.
enum UserWire {
    /// A user who has not been deleted, as the user sees it.
    static let user = JSONOutput<User>.object("User", "A user, with what is known about the user.", fields)

    static let fields: [JSONField<User>] =
        [
            JSONField("id", .identifier(), "The identifier.") { $0.id },
            JSONField("username", .nullable(.text), "The name to sign in with.", example: "ada") {
                $0.profile?.username.text
            },
            JSONField("email", .nullable(.text), "The address.", example: "ada@example.org") {
                $0.profile?.email.text
            },
            JSONField("email_verified", .truth, "Whether mail to the address is known to arrive.") {
                $0.profile?.isEmailVerified ?? false
            },
            JSONField("first_name", .nullable(.text), "The first name.", example: "Ada") {
                $0.profile?.firstName?.text
            },
            JSONField("last_name", .nullable(.text), "The last name.", example: "Lovelace") {
                $0.profile?.lastName?.text
            },
            JSONField("time_zone", .nullable(.text), "Where the day ends.", example: "Europe/London") {
                $0.profile?.timeZone.text
            },
            JSONField("role", .name, "What the user is here.", example: "user") { $0.role },
            JSONField("tier", .text, "The plan.", example: "free") { $0.tier.text },
            JSONField("state", .name, "Where the user stands.", example: "active") { $0.state.name },
            JSONField("created_at", .moment, "When the user was made.") { $0.createdAt },
        ]

    /// What somebody fills in to sign up.
    static let registration: JSONInput<(form: SignUpForm, invitation: String?)> = .object(
        "Registration", "What somebody fills in to sign up.",
        JSONInputField<String>.required("username", username, "The name to sign in with.", example: "ada"),
        JSONInputField<String>.required("email", email, "The address.", example: "ada@example.org"),
        JSONInputField<String>.required("password", newPassword, "The password."),
        JSONInputField<String?>.optional(
            "first_name", .nullable(name), "The first name.", example: "Ada", default: nil),
        JSONInputField<String?>.optional(
            "last_name", .nullable(name), "The last name.", example: "Lovelace", default: nil),
        JSONInputField<String?>.optional(
            "time_zone", .nullable(timeZone), "Where the day ends; UTC when it is missing.",
            example: "Europe/London", default: nil),
        JSONInputField<String?>.optional(
            "invitation", .nullable(token), "The code of an invitation.", default: nil)
    ) { username, email, password, firstName, lastName, timeZone, invitation throws(Faults) in
        var form = SignUpForm(username: username, email: email, password: password)
        form.firstName = firstName
        form.lastName = lastName
        form.timeZone = timeZone
        return (form, invitation)
    }

    /// What `PATCH` takes: only what is there is changed.
    static let patch: JSONInput<(edit: ProfileEdit, password: String?)> = .object(
        "UserPatch", "What is changed; what is missing stays.",
        JSONInputField<String?>.optional(
            "username", .present(username), "The name to sign in with; it needs the password.",
            example: "ada",
            default: nil),
        JSONInputField<String?>.optional(
            "email", .present(email), "The address; it needs the password.", example: "ada@example.org",
            default: nil),
        JSONInputField<String??>.optional(
            "first_name", .present(.nullable(name)), "The first name; null takes it away.", default: nil),
        JSONInputField<String??>.optional(
            "last_name", .present(.nullable(name)), "The last name; null takes it away.", default: nil),
        JSONInputField<String?>.optional(
            "time_zone", .present(timeZone), "Where the day ends.", example: "Europe/London", default: nil),
        JSONInputField<String?>.optional(
            "password", .present(password), "The password, for another username or address.", default: nil)
    ) { username, email, firstName, lastName, timeZone, password throws(Faults) in
        var edit = ProfileEdit()
        edit.username = username
        edit.email = email
        edit.firstName = firstName
        edit.lastName = lastName
        edit.timeZone = timeZone
        return (edit, password)
    }

    /// What confirms something that cannot be undone.
    static let confirmation: JSONInput<String> = .object(
        "Confirmation", "The password once more.",
        JSONInputField<String>.required("password", password, "The password.")
    ) { password throws(Faults) in password }

    static let username = SingleLine.input(Username.length)
    static let email = SingleLine.input(3...EmailAddress.greatestLength)
    static let name = SingleLine.input(PersonName.length).prose
    static let timeZone = SingleLine.input(1...TimeZoneName.greatestLength)
    /// A password that is chosen; which ones are refused is the Domain's to say.
    static let newPassword = JSONInput<String>.text(length: Password.length)
    /// A password that is shown: whatever it is, it gets the same answer.
    static let password = JSONInput<String>.text(length: 0...1024)
    /// A code or token that was handed out; what is none of ours is refused where it is looked up.
    static let token = JSONInput<String>.text(length: 1...200)
}
