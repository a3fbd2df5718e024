import Application
import CCurl
import Domain

/// The server that takes mail from us.
package struct SMTPServer: Sendable {
    /// How what is sent is kept from others on the way.
    package enum Protection: String, CaseIterable, Sendable {
        /// TLS from the first byte (RFC 8314), usually on port 465.
        case tls
        /// TLS that is asked for first (RFC 3207), usually on port 587; without it nothing is sent.
        case startTLS = "starttls"
        /// None: for a server on this machine.
        case none
    }

    /// Who we are there; shown to nobody.
    package struct Account: Redacted, Sendable {
        let user: String
        let password: String

        /// An account.
        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// Its name or address.
    package var host: String
    /// Its port.
    package var port: UInt16
    /// How what is sent is protected.
    package var protection: Protection
    /// Who we are there; nil where nobody has to be anybody.
    package var account: Account?
    /// How long a message may take until the server has taken it.
    package var deadline: Duration

    /// A server.
    package init(
        host: String, port: UInt16, protection: Protection = .startTLS, account: Account? = nil,
        deadline: Duration = .seconds(30)
    ) {
        self.host = host
        self.port = port
        self.protection = protection
        self.account = account
        self.deadline = deadline
    }

    /// The address for libcurl, ending with the name by which we introduce ourselves.
    fileprivate func address(introducedAs name: String) -> String {
        let scheme = protection == .tls ? "smtps" : "smtp"
        // An address of IPv6 stands in brackets, and its zone behind an escaped percent sign.
        let host =
            self.host.contains(":")
            ? "[" + self.host.split(separator: "%").joined(separator: "%25") + "]" : self.host
        return "\(scheme)://\(host):\(port)/\(name)"
    }
}

/// A message as it is handed to a server.
package struct SMTPMessage: Sendable {
    /// The address to which failures are told.
    package var sender: String
    /// The address it goes to.
    package var recipient: String
    /// The name by which we introduce ourselves.
    package var introduction: String
    /// The header fields, complete lines without their ends.
    package var headers: [String]
    /// The text, its lines ending with CR and LF.
    package var text: String

    /// A message.
    package init(sender: String, recipient: String, introduction: String, headers: [String], text: String) {
        self.sender = sender
        self.recipient = recipient
        self.introduction = introduction
        self.headers = headers
        self.text = text
    }
}

/// What a server has against a message or against who sends it, rather than that it is not there.
package struct SMTPRefusal: Error, Equatable {
    /// What went wrong, with the status.
    package let reason: String
    /// Whether it would be the same each time: the status is from 500 on, and about the message or who gets it.
    package let isFinal: Bool
}

/// Hands messages to a server by libcurl, each on a thread of its own.
package struct SMTPClient: Sendable {
    private let server: SMTPServer

    /// A client of that server.
    package init(_ server: SMTPServer) {
        self.server = server
    }

    /// Returns when the server has taken the message.
    ///
    /// - Throws: ``SMTPRefusal`` when it does not take this message, ``PortError/unavailable(_:retryAfter:)`` when it
    ///   does not answer, ``PortError/cancelled`` when the task was cancelled before.
    package func send(_ message: SMTPMessage) async throws {
        let server = server
        try await OwnThread.run { cancellation in
            try cancellation.check()
            let transfer = SMTPTransfer(message, to: server)
            try transfer.perform(cancellation)
        }
    }
}

/// One message on its way, with the lists that libcurl borrows.
private struct SMTPTransfer: ~Copyable {
    private let handle = CurlHandle()
    private let host: String
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var recipients: UnsafeMutablePointer<curl_slist>?
    private let content: OpaquePointer?

    init(_ message: SMTPMessage, to server: SMTPServer) {
        host = server.host
        content = curl_mime_init(handle.pointer)
        handle.set(CURLOPT_URL, server.address(introducedAs: message.introduction))
        handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        handle.set(CURLOPT_NOSIGNAL, 1)
        // An empty proxy also switches off those of the environment.
        handle.set(CURLOPT_PROXY, "")
        handle.set(CURLOPT_TIMEOUT_MS, Int(server.deadline.wholeMilliseconds))
        if server.protection == .startTLS { handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let account = server.account {
            handle.set(CURLOPT_USERNAME, account.user)
            handle.set(CURLOPT_PASSWORD, account.password)
        }
        handle.set(CURLOPT_MAIL_FROM, "<\(message.sender)>")
        recipients = curl_slist_append(nil, "<\(message.recipient)>")
        cutroom_curl_set_list(handle.pointer, CURLOPT_MAIL_RCPT, recipients)
        for line in message.headers { headers = curl_slist_append(headers, line) }
        cutroom_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, headers)

        let part = curl_mime_addpart(content)
        curl_mime_data(part, message.text, message.text.utf8.count)
        curl_mime_type(part, "text/plain; charset=utf-8")
        curl_mime_encoder(part, "quoted-printable")
        if let content { handle.set(CURLOPT_MIMEPOST, context: UnsafeMutableRawPointer(content)) }
    }

    deinit {
        curl_mime_free(content)
        curl_slist_free_all(headers)
        curl_slist_free_all(recipients)
    }

    func perform(_ cancellation: OwnThread.Cancellation) throws {
        // Kept alive by the caller until this returns.
        handle.set(CURLOPT_XFERINFODATA, context: Unmanaged.passUnretained(cancellation).toOpaque())
        cutroom_curl_set_progress(handle.pointer) { context, _, _, _, _ in
            guard let context else { return 0 }
            let cancellation = Unmanaged<OwnThread.Cancellation>.fromOpaque(context).takeUnretainedValue()
            return (try? cancellation.check()) == nil ? 1 : 0
        }
        handle.set(CURLOPT_NOPROGRESS, 0)
        let code = curl_easy_perform(handle.pointer)
        if code == CURLE_OK { return }
        try cancellation.check()
        let reason = String(cString: curl_easy_strerror(code))
        let status = handle.long(CURLINFO_RESPONSE_CODE)
        let failure = "the mail server \(host): \(reason)" + (status > 0 ? " (\(status))" : "")
        // Of all refusals only 421 is about the service as such (RFC 5321, section 4.2.3).
        guard status < 400 || status == 421 else {
            // An account or a protection that is refused is the operator's to mend, and no message's fault.
            let isAboutUs = code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED
            throw SMTPRefusal(reason: failure, isFinal: status >= 500 && !isAboutUs)
        }
        throw PortError.unavailable(failure)
    }
}
