import CCurl
import Domain
import Glibc

/// One libcurl easy handle with the lists that it borrows.
struct CurlHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var form: OpaquePointer?
    private var bodyFile: UnsafeMutablePointer<FILE>?

    /// `curl_global_init` wants to run once before anything else.
    private static let library: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init() {
        guard Self.library, let pointer = curl_easy_init() else {
            preconditionFailure("libcurl cannot be initialised")
        }
        self.pointer = pointer
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        if let form { curl_mime_free(form) }
        if let bodyFile { fclose(bodyFile) }
    }

    func set(_ option: CURLoption, _ value: Int) { cutroom_curl_set_long(pointer, option, value) }
    func set(_ option: CURLoption, large value: Int64) {
        cutroom_curl_set_large(pointer, option, curl_off_t(value))
    }
    func set(_ option: CURLoption, _ value: String) { cutroom_curl_set_string(pointer, option, value) }
    func set(_ option: CURLoption, context: UnsafeMutableRawPointer) {
        cutroom_curl_set_pointer(pointer, option, context)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        cutroom_curl_get_long(pointer, info, &value)
        return value
    }

    func large(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        cutroom_curl_get_large(pointer, info, &value)
        return Int64(value)
    }

    func string(_ info: CURLINFO) -> String {
        var value: UnsafeMutablePointer<CChar>?
        cutroom_curl_get_string(pointer, info, &value)
        return value.map { String(cString: $0) } ?? ""
    }

    /// Everything that the request asks for; the callbacks are the caller's.
    mutating func prepare(_ request: HTTPRequest, proxy: String?, userAgent: String) throws {
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_USERAGENT, userAgent)
        // An empty proxy also switches off those of the environment: only the operator's word counts.
        switch request.destination {
        case .configured: set(CURLOPT_PROXY, "")
        case .stranger:
            set(CURLOPT_PROXY, proxy ?? "")
            set(CURLOPT_FOLLOWLOCATION, request.followsRedirects ? 1 : 0)
            set(CURLOPT_MAXREDIRS, 5)
        }
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.deadlines.connect.wholeMilliseconds))
        if let total = request.deadlines.total { set(CURLOPT_TIMEOUT_MS, Int(total.wholeMilliseconds)) }
        if let stall = request.deadlines.stall {
            set(CURLOPT_LOW_SPEED_LIMIT, 1024)
            set(CURLOPT_LOW_SPEED_TIME, max(1, Int(stall.components.seconds)))
        }
        set(CURLOPT_BUFFERSIZE, 256 * 1024)
        try setBody(request)
        try setHeaders(request)
    }

    private mutating func setBody(_ request: HTTPRequest) throws {
        switch request.body {
        case .none:
            if request.method == "HEAD" {
                set(CURLOPT_NOBODY, 1)
            } else if request.method == "POST" || request.method == "PUT" {
                set(CURLOPT_POSTFIELDSIZE, 0)
                set(CURLOPT_COPYPOSTFIELDS, "")
            }
        case .bytes(let bytes, _):
            set(CURLOPT_POSTFIELDSIZE_LARGE, large: Int64(bytes.count))
            bytes.withUnsafeBytes { buffer in
                // libcurl copies as many bytes as the size says; an empty body still needs an address.
                withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { empty in
                    let start = buffer.baseAddress ?? UnsafeRawPointer(empty.baseAddress)
                    guard let start else { return }
                    set(CURLOPT_COPYPOSTFIELDS, context: UnsafeMutableRawPointer(mutating: start))
                }
            }
        case .file(let path, _):
            let (file, size) = try Self.open(path)
            bodyFile = file
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE_LARGE, large: size)
            // libcurl's own reader takes a FILE.
            set(CURLOPT_READDATA, context: UnsafeMutableRawPointer(file))
        case .form(let parts):
            let form = curl_mime_init(pointer)
            self.form = form
            for part in parts {
                let field = curl_mime_addpart(form)
                curl_mime_name(field, part.name)
                switch part.content {
                case .text(let text):
                    curl_mime_data(field, text, text.utf8.count)
                case .file(let path, let filename, let type):
                    guard curl_mime_filedata(field, path) == CURLE_OK else {
                        throw MediaError.fetchRefused("\(path) cannot be read")
                    }
                    curl_mime_filename(field, filename)
                    curl_mime_type(field, type)
                }
            }
            if let form { set(CURLOPT_MIMEPOST, context: UnsafeMutableRawPointer(form)) }
        }
        if request.method != "HEAD" { set(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private mutating func setHeaders(_ request: HTTPRequest) throws {
        var headers = request.headers
        // Waiting for "100 Continue" costs a second with servers that do not know it.
        headers.append(("Expect", ""))
        switch request.body {
        case .bytes(_, let type), .file(_, let type): headers.append(("Content-Type", type))
        case .none, .form: break
        }
        for (name, value) in headers {
            guard !(name + value).unicodeScalars.contains(where: { $0.value < 32 && $0 != "\t" }) else {
                throw MediaError.addressUnsupported("the header field \(name) has a control character")
            }
            headerList = curl_slist_append(headerList, "\(name): \(value)")
        }
        cutroom_curl_set_list(pointer, CURLOPT_HTTPHEADER, headerList)
    }

    private static func open(_ path: String) throws -> (UnsafeMutablePointer<FILE>, Int64) {
        var status = stat()
        guard let file = fopen(path, "rbe"), fstat(fileno(file), &status) == 0 else {
            throw MediaError.fetchRefused("\(path) cannot be read")
        }
        return (file, Int64(status.st_size))
    }
}
