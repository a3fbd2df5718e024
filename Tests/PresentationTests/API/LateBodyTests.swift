import Application
import Domain
import Presentation
import Testing

@Suite("Bodies that take their time")
struct LateBodyTests {
    @Test(
        "A5: what let a request in is looked at again once its body is there",
        arguments: [
            ("POST", "/api/v1/api-keys", #"{"name":"ci","scopes":["account:read"]}"#),
            ("PATCH", "/api/v1/users/me", #"{"first_name":"Mallory"}"#),
        ])
    func ended(method: String, path: String, text: String) async throws {
        let people = People()
        let fixture = try APIFixture(
            authenticator: AccountAuthenticator(identify: people.identify), people: people)
        let can = people.capabilities
        let home = Origin(address: nil, device: "")
        let user = try await can.register(
            SignUpForm(username: "ada", email: "ada@example.org", password: People.password), from: home)
        let grant = try await can.signIn(name: "ada", password: People.password, from: home)

        let bytes = Array(text.utf8)
        let body = RequestBody(declaredLength: bytes.count, onDemand: {})
        let request = HTTPRequest(
            method, path: path,
            fields: ["Authorization": "Bearer \(grant.accessToken)", "Content-Type": "application/json"],
            body: body)
        let answer = Task { await fixture.api.service.handle(request) }
        while !body.isWanted { await Task.yield() }
        try await can.signOut(by: try people.identify(.accessToken(grant.accessToken)), from: home)
        bytes.withUnsafeBytes { body.write($0) }
        body.finish()

        #expect(await answer.value.status == .unauthorized)
        #expect(try people.store.read { try $0.keys.all(of: user.id) }.isEmpty)
        #expect(try people.store.read { try $0.users.find(user.id) } == user)
    }
}
