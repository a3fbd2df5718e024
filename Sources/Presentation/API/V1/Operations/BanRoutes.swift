internal import Application
internal import Domain

/// Saying from where nothing is served, and from where everything is.
struct BanRoutes: Sendable {
    private static let root = "/api/v1/operations/security"

    private let can: SecurityCapabilities
    private let administrators: Access<Caller>

    init(_ capabilities: SecurityCapabilities, callers: (Scope) -> Access<Caller>) {
        can = capabilities
        administrators = callers(.admin)
    }

    var all: [Route] { [bans, ban, lift, allowList, allow, disallow] }

    /// An address in the path.
    static func address(_ name: String) -> Parameter<NetworkAddress> {
        .path(name, .string(length: 2...45), "The address.", example: "203.0.113.9") { NetworkAddress($0) }
    }

    private static let range = Parameter<AddressRange>.path(
        "address", .string(length: 2...51), "The address or block, its slash as %2F.",
        example: "192.0.2.0%2F24"
    ) { AddressRange($0) }

    private var bans: Route {
        Route(
            .get, "\(Self.root)/bans", for: administrators,
            Operation(
                "listBans", tag: "security", "List the bans that hold",
                responses: [.json(.ok, "The bans.", BanWire.bans)])
        ) { _, caller in .json(.ok, BanWire.bans, try can.listBans(by: caller)) }
    }

    private var ban: Route {
        Route(
            .post, "\(Self.root)/bans", for: administrators,
            Operation(
                "banAddress", tag: "security", "Refuse all requests from an address for a while",
                doc: "It holds from the answer on, and survives a restart.",
                responses: [.json(.created, "The ban.", BanWire.ban)], problems: [.conflict]),
            json: BanWire.banInput
        ) { call, caller, _, input in
            let ban = try await Self.acting {
                try await can.ban(
                    input.address, because: input.reason, for: input.duration, by: caller, from: call.origin)
            }
            return .json(.created, BanWire.ban, ban)
        }
    }

    private var lift: Route {
        Route(
            .delete, "\(Self.root)/bans/{address}", for: administrators,
            Operation(
                "liftBan", tag: "security", "Serve an address again",
                responses: [ResponseDeclaration(.noContent, "It is served again.")]),
            Self.address("address")
        ) { call, caller, address in
            try await can.lift(address, by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private var allowList: Route {
        Route(
            .get, "\(Self.root)/allow", for: administrators,
            Operation(
                "listAllowed", tag: "security", "List the addresses that are never banned",
                responses: [.json(.ok, "The addresses.", BanWire.allowList)])
        ) { _, caller in .json(.ok, BanWire.allowList, try can.listBans.allowed(by: caller)) }
    }

    private var allow: Route {
        Route(
            .post, "\(Self.root)/allow", for: administrators,
            Operation(
                "allowAddress", tag: "security", "Have addresses never banned",
                doc: "Bans of addresses among them are lifted.",
                responses: [.json(.created, "The addresses.", BanWire.allowed)]),
            json: BanWire.allowInput
        ) { call, caller, _, input in
            let allowed = try await Self.acting {
                try await can.allow(input.range, because: input.reason, by: caller, from: call.origin)
            }
            return .json(.created, BanWire.allowed, allowed)
        }
    }

    private var disallow: Route {
        Route(
            .delete, "\(Self.root)/allow/{address}", for: administrators,
            Operation(
                "disallowAddress", tag: "security", "Have addresses judged like all others again",
                responses: [ResponseDeclaration(.noContent, "They are.")]),
            Self.range
        ) { call, caller, range in
            try await can.disallow(range, by: caller, from: call.origin)
            return HTTPResponse(.noContent)
        }
    }

    private static func acting<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch BanError.exempt {
            throw Problem(.conflict, BanError.exempt.explanation)
        } catch BanError.reason {
            throw Problem(faults: [Fault(.body("/reason"), .outOfRange, BanError.reason.explanation)])
        }
    }
}
