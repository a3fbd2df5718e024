import Application
import Domain
import Presentation
import Testing

/// A server with accounts on which an administrator and a user have signed in, and there is one thing of every kind
/// that is looked after.
struct Administration: Sendable {
    static let office = PeerAddress.v4(0xC000_0207)

    let people: People
    let fixture: APIFixture
    /// What lets the administrator in.
    let grace: HTTPFields
    /// What lets the user in.
    let ada: HTTPFields
    let graceID: String
    let adaID: String
    /// What stands behind each part of a path that is followed by an argument.
    private let objects: [String: String]

    init(policy: SignUpPolicy = .open) async throws {
        let people = People(policy: policy)
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        self.people = people
        self.fixture = fixture
        func enter(_ name: String) async throws -> (fields: HTTPFields, id: String) {
            let grant = try await people.capabilities.signIn(
                name: name, password: People.password, from: .server)
            return (["Authorization": "Bearer \(grant.accessToken)"], "\(grant.user.id)")
        }
        try await people.makeAdministrator("grace")
        (grace, graceID) = try await enter("grace")
        people.clock.advance(by: .seconds(1))
        try await people.add("ada")
        (ada, adaID) = try await enter("ada")
        let invitation = try await fixture.send("POST", "/api/v1/admin/invitations", [:], fields: grace)
        objects = [
            "users": adaID, "tiers": "gold", "settings": "sign_up",
            "invitations": try #require(invitation.json["id"]?.text),
        ]
        people.clock.advance(by: .seconds(1))
    }

    /// The routes of administration.
    var routes: [Route] { fixture.api.routes.filter { $0.path.text.hasPrefix("/api/v1/admin/") } }

    /// The path to the thing that a route is about.
    func path(of route: Route) throws -> String {
        var parts: [String] = []
        var kind = ""
        for segment in route.path.segments {
            switch segment {
            case .literal(let name):
                parts.append(name)
                kind = name
            case .argument(let name):
                parts.append(
                    try #require(objects[kind], "say what stands for {\(name)} of \(route.path.text)"))
            case .action(let name, let verb):
                let id = try #require(
                    objects[kind], "say what stands for {\(name)} of \(route.path.text)")
                parts.append("\(id):\(verb)")
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Sends what a route takes, as its document's examples have it or as is said here.
    func send(_ route: Route, fields: HTTPFields, body: JSONValue? = nil) async throws -> HTTPResponse {
        var fields = fields
        var bytes: [UInt8] = []
        if let json = route.body?.content.first {
            fields["Content-Type"] = json.mediaType
            bytes = (body ?? sample(json.schema.document)).encoded
        }
        return await fixture.api.service.handle(
            HTTPRequest(
                route.method.rawValue, path: try path(of: route), fields: fields, body: RequestBody(bytes),
                peer: Self.office))
    }

    /// Calls the API as the administrator.
    @discardableResult
    func call(_ method: String, _ target: String, _ body: JSONValue? = nil) async throws -> APIFixture.Answer
    {
        try await fixture.send(method, "/api/v1/admin\(target)", body, fields: grace)
    }

    /// The whole audit trail, newest first.
    func trail() throws -> [AuditEntry] {
        try people.store.read { try $0.audit.page(AuditFilter(), limit: 10_000, before: nil).items }
    }

    /// What a schema requires, by its examples.
    private func sample(_ schema: JSONValue) -> JSONValue {
        if let reference = schema["$ref"]?.text {
            let name = reference.split(separator: "/").last.map(String.init) ?? ""
            return sample(fixture.document.document["components"]?["schemas"]?[name] ?? nil)
        }
        if let example = schema["examples"]?.elements?.first { return example }
        guard let properties = schema["properties"] else { return "x" }
        let required = (schema["required"]?.elements ?? []).compactMap(\.text)
        return .object(JSONObject(required.map { ($0, sample(properties[$0] ?? nil)) }))
    }
}

/// All bytes of a body that is made while it is sent, read in pieces of that size.
func streamed(_ body: HTTPBody, by size: Int = 1000) throws -> String {
    guard case .stream(let source, nil) = body else {
        Issue.record("no stream without a length")
        return ""
    }
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    defer { buffer.deallocate() }
    while true {
        let count = try source.read(into: buffer)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
