internal import Application
internal import Domain

/// Letting people sign up.
struct InvitationRoutes: Sendable {
    private let can: AdminCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: AdminCapabilities, callers: @escaping @Sendable (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [invite, list, withdraw] }

    private var invite: Route {
        Route(
            .post, "/api/v1/admin/invitations", for: administrators,
            Operation(
                "inviteUser", tag: "admin", "Let somebody sign up, with a role and on a plan",
                doc: """
                    The code stands in this answer alone; one that is for an address is mailed there too. Whoever \
                    signs up hands it in as “invitation”.
                    """,
                responses: [
                    .json(
                        .created, "The invitation.", InvitationWire.issued,
                        links: [Link(to: "withdrawInvitation", [("id", "$response.body#/id")])])
                ],
                problems: [.emailTaken, .notFound]),
            json: InvitationWire.order
        ) { call, caller, _, order in
            let issued = try await AdminRoutes.acting {
                try await can.invite(
                    email: order.email, role: order.role, tier: order.tier, lifetime: order.lifetime,
                    by: caller, from: call.origin)
            }
            return .secret(.created, InvitationWire.issued, issued)
        }
    }

    private var list: Route {
        Route(
            .get, "/api/v1/admin/invitations", for: administrators,
            Operation(
                "listInvitations", tag: "admin", "List invitations, newest first",
                responses: [.json(.ok, "A page of invitations.", InvitationWire.page)]),
            Parameters.limit(), Parameters.cursor() as Parameter<Identifier<Invitation>?>
        ) { _, caller, limit, cursor in
            let page = try can.listInvitations(by: caller, limit: limit, before: cursor)
            return .json(.ok, InvitationWire.page, page, capacity: 512 * (page.items.count + 1))
        }
    }

    private var withdraw: Route {
        Route(
            .delete, "/api/v1/admin/invitations/{id}", for: administrators,
            Operation(
                "withdrawInvitation", tag: "admin", "Take an invitation back that nobody has used",
                responses: [ResponseDeclaration(.noContent, "It is void.")], problems: [.conflict]),
            Parameters.invitation
        ) { call, caller, id in
            _ = try await AdminRoutes.acting {
                try await can.withdrawInvitation(id, by: caller, from: call.origin)
            }
            return HTTPResponse(.noContent)
        }
    }
}

/// How invitations stand on the wire.
enum InvitationWire {
    /// What became of an invitation, as far as nothing more is known than the invitation itself.
    enum State: String, CaseIterable, Sendable {
        case open, accepted, withdrawn
    }

    static let invitation = JSONOutput<Invitation>.object(
        "Invitation", "Leave to sign up.", fields { $0 })

    /// The only answer in which a code stands.
    static let issued = JSONOutput<IssuedInvitation>.object(
        "IssuedInvitation", "An invitation that was just made, with its code.",
        [JSONField("code", .text, "What to hand in when signing up; it is told once.") { $0.token.text }]
            + fields(\.invitation))

    static let page: JSONOutput<Page<Invitation, Identifier<Invitation>>> = PageWire.page(
        "InvitationPage", "A page of invitations, newest first.", of: invitation)

    private static func fields<Value>(_ invitation: @escaping @Sendable (Value) -> Invitation)
        -> [JSONField<Value>]
    {
        [
            JSONField("id", .identifier(), "Its identifier.") { invitation($0).id },
            JSONField("invited_by", .identifier(), "Who invites.") { invitation($0).inviter },
            JSONField("email", .nullable(.text), "The only address that it is good for; null for any.") {
                invitation($0).email?.text
            },
            JSONField("role", .name, "What the new user will be.", example: "user") { invitation($0).role },
            JSONField("tier", .text, "The plan of the new user.", example: "free") {
                invitation($0).tier.text
            },
            JSONField("state", .name, "What became of it.", example: "open") { value -> State in
                switch invitation(value).state {
                case .open: .open
                case .accepted: .accepted
                case .withdrawn: .withdrawn
                }
            },
            JSONField("user_id", .nullable(.identifier()), "Who signed up with it.") { value in
                if case .accepted(let user, _) = invitation(value).state { user } else { nil }
            },
            JSONField("created_at", .moment, "When it was made.") { invitation($0).createdAt },
            JSONField("expires_at", .moment, "When it stops being good by itself.") {
                invitation($0).expiresAt
            },
        ]
    }

    /// What an invitation is asked for with.
    struct Order: Sendable {
        let email: String?
        let role: Role
        let tier: Tier.Name
        let lifetime: Duration
    }

    static let order: JSONInput<Order> = .object(
        "InvitationInput", "An invitation to be made.",
        JSONInputField<String?>.optional(
            "email", .nullable(UserWire.email), "The only address that it is good for; null for any.",
            example: "guest@example.org", default: nil),
        JSONInputField<Role>.optional("role", .name, "What the new user will be.", meaning: "user"),
        JSONInputField<Tier.Name>.optional(
            "tier", TierWire.name, "The plan of the new user.", meaning: "free"),
        JSONInputField<Int>.optional(
            "expires_in_days", .integer(1...365), "After how many days it stops being good.", meaning: 7)
    ) { email, role, tier, days throws(Faults) in
        Order(email: email, role: role, tier: tier, lifetime: .seconds(days * 86_400))
    }
}
