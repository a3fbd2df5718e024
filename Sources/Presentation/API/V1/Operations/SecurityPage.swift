/// The page on which administrators look at the edge: it reads the API beside it, and writes nothing but text.
enum SecurityPage {
    static let page = HTMLPage(title: "Cutroom: security", style: style, body: body, script: script)

    private static let style = #"""
        :root{color-scheme:light dark;--line:#8884}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;\#
        margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%;font-size:.88rem}\#
        td,th{border-top:1px solid var(--line);padding:.25rem .6rem .25rem 0;text-align:left;\#
        overflow-wrap:anywhere}section{margin:1.5rem 0}.dim{opacity:.65}#risk{font-size:2rem}
        """#

    private static let body = #"""
        <h1>Security</h1><p><span id="risk">…</span> <span id="level" class="dim"></span></p>
        <section><h2>What to do</h2><ul id="advice"></ul></section>
        <section><h2>Numbers</h2><table id="numbers"></table></section>
        <section><h2>Attacks</h2><table id="vectors"></table></section>
        <section><h2>Top addresses</h2><table id="addresses"></table></section>
        <section><h2>Bans</h2><table id="bans"></table></section>
        <section><h2>Latest events</h2><table id="events"></table></section>
        <p id="failure" class="dim"></p>
        """#

    private static let script = #"""
        const at="/api/v1/operations/security/",of=id=>document.getElementById(id);
        const el=(tag,text)=>{const node=document.createElement(tag);node.textContent=text;return node};
        const fill=(id,head,rows)=>{const table=of(id);table.replaceChildren();const top=el("tr","");
        head.forEach(h=>top.append(el("th",h)));table.append(top);
        rows.forEach(r=>{const row=el("tr","");r.forEach(c=>row.append(el("td",c??"")));table.append(row)})};
        const get=path=>fetch(at+path,{credentials:"same-origin"}).then(r=>r.ok?r.json():Promise.reject(r.status));
        const show=()=>Promise.all(["metrics","threat-analysis","bans","events?limit=50"].map(get)).then(([m,a,b,e])=>{
          of("risk").textContent=Math.round(a.risk_score)+" / 100";
          of("level").textContent=a.threat_level+", "+a.threat_patterns.trend;
          of("advice").replaceChildren(...a.recommendations.map(t=>el("li",t)),\#
        ...a.anomalies.map(x=>el("li",x.type+": "+x.description)));
          fill("numbers",["what","how many"],[["events",m.total_events],["blocked",m.blocked_requests],\#
        ["limited",m.rate_limited_requests],["addresses within an hour",m.active_clients],["load",m.system_load.toFixed(2)]]);
          fill("vectors",["attack","times","worst"],a.attack_vectors.map(v=>[v.type,v.count,v.threat_level]));
          fill("addresses",["address","events"],a.threat_patterns.top_addresses.map(t=>[t.value,t.count]));
          fill("bans",["address","until","reason"],b.items.map(x=>[x.address,x.until,x.reason]));
          fill("events",["when","what","how bad","from","request","done"],\#
        e.items.map(x=>[x.timestamp,x.event_type,x.threat_level,x.client_ip,x.method+" "+x.path,x.action_taken]));
          of("failure").textContent=""},s=>of("failure").textContent="It cannot be read: "+s);
        show();setInterval(show,10000);
        """#
}
