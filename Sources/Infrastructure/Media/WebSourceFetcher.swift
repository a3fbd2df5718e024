package import Application
package import Domain

/// What the fetching of sources from addresses is bound to.
package struct WebSourceSettings: Sendable {
    /// Which addresses may be connected to.
    package var policy: AddressPolicy
    /// The largest file that is taken, in bytes.
    package var limitBytes: Int64
    /// The longest video that is taken, in seconds.
    package var limitSeconds: Double
    /// How long fetching one file may take.
    package var deadline: Duration
    /// How long hardly anything may arrive before a server counts as gone; whole seconds.
    package var stall: Duration
    /// Hosts whose pages are handed to yt-dlp, those below them included.
    package var pageHosts: [String]
    /// yt-dlp: a name to look up in `PATH`, or a path.
    package var ytDlp: String
    /// A Netscape cookies file for yt-dlp, which gets a copy of it.
    package var cookies: String?
    /// A proxy for yt-dlp, which must then check addresses itself.
    package var pageProxy: String?
    /// The ports that yt-dlp may connect to.
    package var pagePorts: Set<UInt16> = [443]
    /// The shorter side of the picture that is asked for where a page has several, in pixels.
    package var pictureSide: Int

    /// Settings, with defaults for what is seldom changed.
    package init(
        policy: AddressPolicy = AddressPolicy(), limitBytes: Int64, limitSeconds: Double,
        deadline: Duration = .seconds(2 * 60 * 60), stall: Duration = .seconds(30), pageHosts: [String] = [],
        ytDlp: String = "yt-dlp", cookies: String? = nil, pageProxy: String? = nil, pictureSide: Int = 1080
    ) {
        self.policy = policy
        self.limitBytes = limitBytes
        self.limitSeconds = limitSeconds
        self.deadline = deadline
        self.stall = stall
        self.pageHosts = pageHosts
        self.ytDlp = ytDlp
        self.cookies = cookies
        self.pageProxy = pageProxy
        self.pictureSide = pictureSide
    }
}

/// Fetches sources: files directly, videos on pages of listed hosts by yt-dlp.
package struct WebSourceFetcher: SourceFetcher {
    private let settings: WebSourceSettings
    private let media: any MediaStore
    private let client: HTTPClient
    private let ytDlp: YtDlp

    /// A fetcher into `media`.
    ///
    /// - Parameters:
    ///   - settings: Its bounds.
    ///   - media: Where files go.
    ///   - client: What speaks HTTP; one of its own by default, because what it fetches is written to the
    ///     disk on its thread.
    package init(settings: WebSourceSettings, media: any MediaStore, client: HTTPClient = HTTPClient()) {
        self.settings = settings
        self.media = media
        self.client = client
        ytDlp = YtDlp(settings: settings, media: media)
    }

    package func fetch(address: String, progress: @escaping ProgressReport) async throws -> FetchedSource {
        guard SourceAddress.isFetchable(address) else {
            throw MediaError.addressUnsupported("only http and https addresses are fetched")
        }
        if let page = try VideoPage(address, hosts: settings.pageHosts) {
            return try await ytDlp.fetch(page, progress: progress)
        }
        return try await DirectDownload(
            address: address, settings: settings, media: media, progress: progress
        ).run(by: client)
    }

    /// The version of the yt-dlp called `program`, a name to look up in `PATH` or a path.
    ///
    /// - Throws: `MediaError.programMissing`, or `MediaError.programFailed` when it is too old to be used.
    package static func ytDlpVersion(_ program: String) async throws -> String {
        guard let path = ChildProcesses.find(program) else { throw MediaError.programMissing("yt-dlp") }
        return try await YtDlp.checkedVersion(of: path)
    }
}
