/// Which types of answers and bodies a client and a route have in common (RFC 9110, section 12).
///
/// A class, since it is handed to every call of its route.
final class Negotiation: Sendable {
    private let body: BodyDeclaration?
    /// The types of all good answers.
    private let mediaTypes: [String]

    init(_ operation: Operation, body: BodyDeclaration?) {
        self.body = body
        mediaTypes = operation.responses.flatMap { $0.content.map(\.mediaType) }
    }

    /// Refuses what the client does not accept and bodies of a type that is not taken, before anything is done.
    ///
    /// It is asked once it is known who calls: strangers learn nothing of a route.
    func negotiate(_ request: HTTPRequest) throws(Problem) {
        if let accept = request.fields["Accept"], accept != "*/*", !produces(acceptableTo: accept) {
            let types = mediaTypes.joined(separator: ", ")
            throw Problem(.notAcceptable, "The answer would be \(types); Accept names nothing of that.")
        }
        guard let body, body.isTypeChecked else { return }
        let given = request.fields["Content-Type"].flatMap { MediaType($0)?.essence }
        guard let given, body.content.contains(where: { $0.mediaType == given }) else {
            let types = body.content.map(\.mediaType).joined(separator: ", ")
            throw Problem(.unsupportedMediaType, "The body must be \(types), and Content-Type must say so.")
        }
    }

    /// Refuses an answer of a type that the client does not accept, where only the handler knew which it would be.
    func check(_ response: HTTPResponse, for request: HTTPRequest) throws(Problem) {
        guard mediaTypes.count > 1, response.status.code < 300, let accept = request.fields["Accept"],
            let type = response.fields["Content-Type"].flatMap({ MediaType($0) }),
            type.quality(in: accept) == 0
        else { return }
        throw Problem(.notAcceptable, "The answer would be \(type.essence), which Accept does not name.")
    }

    private func produces(acceptableTo accept: String) -> Bool {
        mediaTypes.isEmpty || mediaTypes.contains { (MediaType($0)?.quality(in: accept) ?? 1000) > 0 }
    }
}
