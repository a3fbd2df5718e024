package import Domain

/// One request to another server.
package struct HTTPRequest: Sendable {
    /// Who chose the address, and so which machines it may lead to.
    package enum Destination: Sendable {
        /// The operator wrote it into the configuration: it is trusted as it stands, wherever it leads, and
        /// redirects are not followed.
        case configured
        /// Somebody else did: each address that is connected to, redirects included, must pass the policy.
        case stranger(AddressPolicy)
    }

    /// What is sent with it.
    package enum Body: Sendable {
        /// Nothing.
        case none
        /// These bytes, of that media type.
        case bytes([UInt8], type: String)
        /// The file at that path, read as it is sent.
        case file(path: String, type: String)
        /// `multipart/form-data`.
        case form([FormPart])
    }

    /// One field of a form.
    package struct FormPart: Sendable {
        /// What is in the field.
        package enum Content: Sendable {
            /// A text.
            case text(String)
            /// The file at `path`, called `filename` over there, read as it is sent.
            case file(path: String, filename: String, type: String)
        }
        /// The field's name.
        package let name: String
        /// Its content.
        package let content: Content

        /// A field of a form.
        package init(_ name: String, _ content: Content) {
            self.name = name
            self.content = content
        }
    }

    /// How long each part of an exchange may take.
    package struct Deadlines: Sendable {
        /// Until the connection stands, TLS included.
        package var connect: Duration
        /// Until the last byte of the answer; nil for no bound.
        package var total: Duration?
        /// How long fewer than 1 KiB a second may flow; nil for no bound.
        ///
        /// Not for servers that compute for minutes before they answer.
        package var stall: Duration?

        /// Deadlines, by default those of a short call.
        package init(
            connect: Duration = .seconds(10), total: Duration? = .seconds(60), stall: Duration? = nil
        ) {
            self.connect = connect
            self.total = total
            self.stall = stall
        }
    }

    /// The method, in capitals.
    package var method: String
    /// The address: `http` or `https`.
    package var url: String
    /// Header fields, in order.
    package var headers: [(name: String, value: String)]
    /// What is sent.
    package var body: Body
    /// Who chose the address.
    package var destination: Destination
    /// How long it may take.
    package var deadlines: Deadlines
    /// Whether an address that a stranger chose may lead on to another.
    package var followsRedirects = true

    /// A request.
    package init(
        _ url: String, method: String = "GET", headers: [(name: String, value: String)] = [],
        body: Body = .none, destination: Destination, deadlines: Deadlines = Deadlines()
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.destination = destination
        self.deadlines = deadlines
    }
}

/// What the other server answered, redirects followed.
package struct HTTPResponse: Sendable {
    /// The status code.
    package var status: Int
    /// The header fields of the last answer, in order.
    package var headers: [(name: String, value: String)]
    /// The address that answered in the end.
    package var url: String
    /// How long the server asks to wait before the next try.
    package var retryAfter: Duration?
    /// The body; empty when it went to a receiver.
    package var body: [UInt8]

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the same request may succeed later: 408, 425, 429 and 5xx other than 501 and 505.
    package var isMomentary: Bool {
        status == 408 || status == 425 || status == 429
            || (500..<600).contains(status) && status != 501 && status != 505
    }

    /// The value of the first field of that name, in whatever case; nil when there is none.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Takes an answer's body piece by piece.
///
/// It is called on the client's thread, where it may write to a disk but must not wait for anything else.
package struct HTTPReceiver: Sendable {
    /// Looks at the answer's head, redirects followed; when it says false the body is not fetched.
    package let accept: @Sendable (HTTPResponse) throws -> Bool
    /// Takes the next bytes of the body.
    package let receive: @Sendable (UnsafeRawBufferPointer) throws -> Void

    /// A receiver.
    package init(
        accept: @escaping @Sendable (HTTPResponse) throws -> Bool = { _ in true },
        receive: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) {
        self.accept = accept
        self.receive = receive
    }
}
