import Domain
import Testing

@Suite("Pages that show a video")
struct VideoPageTests {
    private static let hosts = ["youtube.com", "youtu.be", "youtube-nocookie.com", "vimeo.com"]

    @Test(
        "C1: every way to write a YouTube video is one address",
        arguments: [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "http://youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com/watch?feature=shared&v=dQw4w9WgXcQ&t=10s#x", "https://youtu.be/dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXcQ?si=abc", "https://www.youtube.com/embed/dQw4w9WgXcQ",
            "https://www.youtube.com/v/dQw4w9WgXcQ",
            "https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share",
            "https://m.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=x",
            "https://www.youtube.com/live/dQw4w9WgXcQ?si=1",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "HTTPS://WWW.YouTube.COM/watch?v=dQw4w9WgXcQ", "https://www.youtube.com./watch?v=dQw4w9WgXcQ",
            "https://www.youtube.com:443/watch?v=dQw4w9WgXcQ",
        ])
    func youTube(address: String) throws {
        #expect(
            try VideoPage(address, hosts: Self.hosts)?.address
                == "https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    }

    @Test(
        "C1: only a video's own address is one",
        arguments: [
            "https://www.youtube.com/", "https://www.youtube.com/@someone",
            "https://www.youtube.com/playlist?list=PL1",
            "https://www.youtube.com/watch?v=short", "https://www.youtube.com/watch?v=dQw4w9WgXcQextra",
            "https://www.youtube.com/watch?w=dQw4w9WgXcQ", "https://www.youtube.com/channel/dQw4w9WgXcQ",
            "https://youtu.be/", "https://www.youtube.com/watch?v=dQw4w9W%67XcQ", "http://vimeo.com/1",
            "https://vimeo.com:8443/1",
        ])
    func notOneVideo(address: String) {
        #expect(throws: MediaError.self) { try VideoPage(address, hosts: Self.hosts) }
    }

    @Test(
        "C1: a host is the host, not a part of the address that looks like one",
        arguments: [
            "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
            "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
            "http://10.0.0.1/?youtube.com/watch?v=dQw4w9WgXcQ",
            "http://10.0.0.1/youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com@10.0.0.1/watch?v=dQw4w9WgXcQ",
            "https://10.0.0.1\\@youtube.com/watch?v=dQw4w9WgXcQ",
            "https://10.0.0.1#@youtube.com/watch?v=dQw4w9WgXcQ",
            "https://user@youtube.com/watch?v=dQw4w9WgXcQ",
            "ftp://youtube.com/watch?v=dQw4w9WgXcQ", "youtube.com/watch?v=dQw4w9WgXcQ",
            "https://[::1]/youtube.com", "https://example.org/talk.mp4", "",
        ])
    func otherHosts(address: String) throws {
        #expect(try VideoPage(address, hosts: Self.hosts) == nil)
    }

    @Test("hosts below a listed one count, and the list decides")
    func listed() throws {
        #expect(try VideoPage("https://player.vimeo.com/video/1", hosts: Self.hosts) != nil)
        #expect(try VideoPage("https://vimeo.com/1", hosts: Self.hosts)?.address == "https://vimeo.com/1")
        #expect(try VideoPage("https://vimeo.com/1", hosts: []) == nil)
        #expect(try VideoPage("https://www.youtube.com/watch?v=dQw4w9WgXcQ", hosts: ["vimeo.com"]) == nil)
    }
}
