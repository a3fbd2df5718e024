import Application
import Domain
import Glibc
import Infrastructure
import Presentation

extension Command {
    /// `cutroom user create`: an administrator, at the wish of who runs the server.
    static let createUser = Command(
        words: ["user", "create"],
        summary: "Makes an administrator, who gets what was made while the server had no accounts.",
        arguments: [
            Argument(name: "USERNAME", summary: "the name to sign in with"),
            Argument(name: "EMAIL", summary: "the address, which counts as confirmed"),
        ],
        options: [Settings.admin.declaration, Settings.accounts.declaration, Settings.json.declaration],
        examples: [
            Example(
                line: "cutroom user create --accounts on --admin ada ada@example.org",
                summary: "asks for the password"),
            Example(
                line: "cutroom user create --accounts on --admin ada ada@example.org < password.txt",
                summary: "takes it from the first line of what is piped in"),
        ]
    ) { invocation in
        let configuration = invocation.configuration
        guard configuration[Settings.admin] else {
            throw CommandFailure(
                line: "--admin is missing: only administrators are made here, others sign up over HTTP",
                status: .wrongUsage)
        }
        // A server without accounts would go on as the local user, and find nothing any more.
        guard configuration[Settings.accounts] == .on else {
            throw CommandFailure(
                line: "there are no accounts: set CUTROOM_ACCOUNTS=on, here and for the server",
                status: .wrongUsage)
        }
        let form = SignUpForm(
            username: invocation.arguments[0], email: invocation.arguments[1],
            password: try invocation.newPassword())
        let root = try CompositionRoot(invocation)
        defer { root.close() }
        let (user, isHeir) = try await root.createAdministrator(form)
        if configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.user(user))
        } else {
            let name = user.profile?.username.text ?? ""
            invocation.output.writeLine(
                "\(name) is an administrator"
                    + (isHeir ? ": what was made without accounts is \(name)'s now" : ""))
        }
        return .done
    }

    /// `cutroom user list`: all users.
    static let listUsers = Command(
        words: ["user", "list"],
        summary: "Lists the users, newest first.",
        options: [Settings.json.declaration],
        examples: [Example(line: "cutroom user list", summary: "all of them, also while no server runs")]
    ) { invocation in
        let root = try CompositionRoot(invocation)
        defer { root.close() }
        var users: [User] = []
        var cursor: Identifier<User>?
        repeat {
            let page = try root.searchUsers(by: .local, limit: PageSize.range.upperBound, before: cursor)
            users += page.items
            cursor = page.next
        } while cursor != nil
        if invocation.configuration[Settings.json] {
            invocation.output.writeDocument(WireDocument.users(users))
            return .done
        }
        var table = TextTable(columns: [
            .init("user"), .init("address", yields: true), .init("role"), .init("plan"), .init("state"),
            .init("id"),
        ])
        for user in users {
            table.add([
                user.profile?.username.text ?? "", user.profile?.email.text ?? "", user.role.rawValue,
                user.tier.text, user.state.name.rawValue, user.id.description,
            ])
        }
        invocation.output.write(table)
        return .done
    }
}

extension Invocation {
    /// The password that somebody chooses: typed twice on a terminal, else the first line of what is piped in.
    fileprivate func newPassword() throws -> String {
        let prompt = PasswordPrompt(descriptor: STDIN_FILENO, terminal: errors)
        guard let password = try prompt.ask("password"), !password.isEmpty else {
            throw CommandFailure(
                line: "the password is missing; it is typed, or piped in", status: .wrongUsage)
        }
        if prompt.isInteractive, try prompt.ask("once more") != password {
            throw CommandFailure(line: "the two passwords are not the same", status: .wrongUsage)
        }
        return password
    }
}
