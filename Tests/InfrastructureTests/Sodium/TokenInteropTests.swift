import Application
import Domain
import Infrastructure
import TestSupport
import Testing

@Suite("Access tokens and other programs", .timeLimit(.minutes(5)))
struct TokenInteropTests {
    /// The script that reads and makes tokens with PyJWT.
    private static let script: String = {
        let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
        return root + "/scripts/check-tokens"
    }()
    /// What the script ends with where its tools cannot be had.
    private static let isWithoutTools: Int32 = 69

    @Test("PyJWT reads our tokens, and we read PyJWT's", .enabled(if: Slow.enabled))
    func pyJWT() async throws {
        let tokens = SignedAccessTokens(
            keys: [.init(name: "main", secret: SecretBytes(Array(0..<32)))], issuer: "cutroom", audience: nil)
        let claims = AccessClaims(
            user: Identifier(high: 0x01A0_C3E9_0000_7000, low: 0x8000_0000_0000_0001),
            session: Identifier(high: 0x01A0_C3E9_0000_7000, low: 0x8000_0000_0000_0002),
            issuedAt: Timestamp(milliseconds: 1_700_000_000_000),
            expiresAt: Timestamp(milliseconds: 4_200_000_000_000))
        let check = try await ChildProcesses.shared.run(
            ChildProgram(
                "bash", [Self.script, Keys.digits(from: 0), tokens.sign(claims)],
                limits: ChildLimits(deadline: .seconds(200)), network: true))
        if check.exit == .code(Self.isWithoutTools) {
            try Test.cancel("\(check.complaint.split(separator: "\n").last ?? "the tools are missing")")
        }
        try #require(check.succeeded, "\(check.complaint)")
        let lines = String(decoding: check.output, as: UTF8.self).split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        let read =
            #"{"exp": 4200000000, "iat": 1700000000, "iss": "cutroom", "#
            + #""sid": "\#(claims.session)", "sub": "\#(claims.user)"}"#
        #expect(lines[0] == read)
        #expect(tokens.verify(lines[1], at: claims.issuedAt) == claims)
    }
}
