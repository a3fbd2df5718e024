/// The pages for people: written by hand, loading nothing from elsewhere.
enum DocsPage {
    /// What `/` shows in a browser.
    static func welcome(version: String) -> HTMLPage {
        HTMLPage(
            title: "Cutroom",
            style: """
                :root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;\
                margin:15vh auto;padding:0 1rem}code{font:14px ui-monospace,monospace}
                """,
            body: welcomeBody(version: version))
    }

    private static func welcomeBody(version: String) -> String {
        """
        <h1>Cutroom</h1><p>Makes captioned clips from long videos. Version \(version).</p>
        <ul><li><a href="/docs">API documentation</a></li><li><a href="/openapi.json">OpenAPI document</a></li>
        <li><a href="/health">Health</a></li></ul>
        <pre><code>curl -F file=@talk.mp4 http://localhost:8080/api/v1/uploads</code></pre>
        """
    }

    /// What `/docs` shows: a reader of `/openapi.json` in a few lines of script.
    static let reader = HTMLPage(
        title: "Cutroom API", style: readerStyle, body: readerBody, script: readerScript)

    private static let readerStyle = #"""
        :root{color-scheme:light dark;--line:#8884;--soft:#8882;--accent:#0a7}
        *{box-sizing:border-box}
        body{font:15px/1.55 system-ui,sans-serif;margin:0;display:grid;grid-template-columns:17rem 1fr;min-height:100vh}
        nav{border-right:1px solid var(--line);padding:1rem;position:sticky;top:0;height:100vh;overflow:hidden auto;overflow-wrap:anywhere}
        nav h2{font-size:.75rem;text-transform:uppercase;letter-spacing:.08em;opacity:.6;margin:1.2rem 0 .3rem}
        nav a{display:block;color:inherit;text-decoration:none;padding:.1rem .4rem;border-radius:4px;font-size:.87rem}
        nav a:hover{background:var(--soft)}
        main{padding:1.5rem 2rem 6rem;max-width:58rem;min-width:0}
        section{border-top:1px solid var(--line);padding:1.2rem 0}
        h3{margin:0 0 .3rem;font-size:1.05rem}h4{margin:1rem 0 .3rem;font-size:.85rem;opacity:.75}
        code,pre{font:13px/1.5 ui-monospace,monospace}
        .verb{display:inline-block;min-width:3.6rem;text-align:center;border-radius:4px;padding:.05rem .4rem;\#
        font:600 12px ui-monospace,monospace;color:#fff;background:#678}
        .get{background:#27c}.post{background:#084}.patch{background:#a60}.delete{background:#b33}
        table{border-collapse:collapse;width:100%;font-size:.88rem}
        td{border-top:1px solid var(--soft);padding:.25rem .6rem .25rem 0;vertical-align:top}
        td:first-child{white-space:nowrap}
        .dim{opacity:.65}.req{color:#c43}
        details{margin:.2rem 0 .2rem .6rem}summary{cursor:pointer}
        pre{background:var(--soft);padding:.6rem .8rem;border-radius:6px;overflow:auto}
        @media(max-width:48rem){body{display:block}nav{position:static;height:auto}main{padding:1rem}\#
        main,td{overflow-wrap:anywhere}td:first-child{white-space:normal}}
        """#

    private static let readerBody = #"""
        <nav><strong>Cutroom API</strong><div id="toc"></div></nav>
        <main><h1 id="title">Cutroom API</h1><p id="about">Reading <a href="/openapi.json">/openapi.json</a> …</p>
        <div id="list"></div></main>
        """#

    private static let readerScript = #"""
        const el=(tag,props,...kids)=>{const node=Object.assign(document.createElement(tag),props||{});\#
        node.append(...kids.filter(k=>k!=null));return node};
        const prose=text=>(text||"").split("`").map((part,i)=>i%2?el("code",{},part):part);
        let doc;
        const resolve=s=>{if(s&&s.$ref){const name=s.$ref.split("/").pop();\#
        return Object.assign({},doc.components.schemas[name],{name,description:s.description||doc.components.schemas[name].description})}return s||{}};
        const limits=s=>[s.format,s.pattern&&"/"+s.pattern+"/",s.enum&&s.enum.map(v=>JSON.stringify(v)).join(" | "),
        s.minimum!=null||s.maximum!=null?(s.minimum??"…")+"–"+(s.maximum??"…"):null,
        s.minLength!=null||s.maxLength!=null?(s.minLength??0)+"–"+(s.maxLength??"…")+" characters":null,
        s.minItems!=null||s.maxItems!=null?(s.minItems??0)+"–"+(s.maxItems??"…")+" items":null,
        s.default!==undefined?"default "+JSON.stringify(s.default):null,
        s.examples?"e.g. "+JSON.stringify(s.examples[0]):null].filter(Boolean).join(" · ");
        const kind=s=>{s=resolve(s);if(s.oneOf)return s.oneOf.map(kind).join(" or ");\#
        const t=[].concat(s.type||"any").join(" or ");return s.items?t+" of "+kind(s.items):s.name?s.name:t};
        function fields(schema,depth){
          schema=resolve(schema);
          if(schema.oneOf){const box=el("div");schema.oneOf.forEach(s=>{const r=resolve(s);\#
        if(r.type!=="null")box.append(el("div",{},el("span",{className:"dim"},(r.name||kind(r))),fields(r,depth+1)))});return box}
          if(schema.items)return fields(schema.items,depth+1);
          if(schema.contentSchema)return fields(schema.contentSchema,depth+1);
          if(!schema.properties||depth>6)return el("span");
          const table=el("table");
          for(const[name,raw]of Object.entries(schema.properties)){
            const s=resolve(raw),inner=s.items?resolve(s.items):s;
            const nested=inner.properties||inner.oneOf||inner.contentSchema;
            const cell=el("td",{},...prose(s.description),el("div",{className:"dim"},limits(s)));
            if(nested&&depth<6){const d=el("details",{},el("summary",{className:"dim"},kind(s)));\#
        d.addEventListener("toggle",()=>{if(d.open&&d.children.length<2)d.append(fields(inner,depth+1))});cell.append(d)}
            table.append(el("tr",{},el("td",{},el("code",{},name),(schema.required||[]).includes(name)?\#
        el("span",{className:"req",title:"required"}," *"):null),el("td",{className:"dim"},kind(s)),cell))}
          return table}
        function content(box,parts){for(const[type,c]of Object.entries(parts||{})){
          box.append(el("div",{},el("code",{className:"dim"},type)));box.append(fields(c.schema,0))}}
        function curl(verb,path,op){
          let line="curl ";if(verb!=="get")line+="-X "+verb.toUpperCase()+" ";
          line+=location.origin+path.replace(/\{(\w+)\}/g,(_,n)=>"$"+n.toUpperCase());
          const types=Object.keys(op.requestBody?.content||{});
          if(types.includes("multipart/form-data"))line+=" -F file=@talk.mp4";
          else if(types.includes("application/json"))line+=" -H 'Content-Type: application/json' -d '"+\#
        JSON.stringify(sample(op.requestBody.content["application/json"].schema))+"'";
          return line}
        function sample(s){s=resolve(s);if(s.examples)return s.examples[0];if(s.default!==undefined)return s.default;
          if(s.oneOf)return sample(s.oneOf[0]);if(s.enum)return s.enum[0];
          if(s.properties){const o={};for(const n of s.required||[])o[n]=sample(s.properties[n]);return o}
          if(s.type==="array")return[];if(s.type==="string")return"…";return 0}
        function show(){
          document.getElementById("title").textContent=doc.info.title+" API "+doc.info.version;
          document.getElementById("about").textContent=doc.info.description;
          const toc=document.getElementById("toc"),list=document.getElementById("list"),codes=new Map();
          for(const{name:tag}of doc.tags){toc.append(el("h2",{},tag));
            for(const[path,item]of Object.entries(doc.paths))for(const[verb,op]of Object.entries(item)){
              if(!op.tags.includes(tag))continue;
              toc.append(el("a",{href:"#"+op.operationId},op.summary));
              const box=el("section",{id:op.operationId},el("h3",{},op.summary),
                el("div",{},el("span",{className:"verb "+verb},verb.toUpperCase())," ",el("code",{},path)));
              if(op.description)box.append(el("p",{},...prose(op.description)));
              box.append(el("pre",{},curl(verb,path,op)));
              if(op.parameters){box.append(el("h4",{},"Parameters"));const table=el("table");
                op.parameters.forEach(p=>table.append(el("tr",{},el("td",{},el("code",{},p.name),\#
        p.required?el("span",{className:"req"}," *"):null),el("td",{className:"dim"},p.in+" · "+kind(p.schema)),\#
        el("td",{},...prose(p.description),el("div",{className:"dim"},limits(resolve(p.schema)))))));box.append(table)}
              if(op.requestBody){box.append(el("h4",{},"Body"));content(box,op.requestBody.content)}
              box.append(el("h4",{},"Answers"));
              const refused=[];
              for(const[status,said]of Object.entries(op.responses)){
                const r=said.$ref?doc.components.responses[said.$ref.split("/").pop()]:said;
                const problems=r.content?.["application/problem+json"];
                for(const[code,e]of Object.entries(problems?.examples||{})){codes.set(code,e.value);refused.push(status+" "+code)}
                if(status<400||r.content?.["application/json"]){const d=el("details",{open:status<300},el("summary",{},\#
        el("strong",{},status)," "+r.description.split(" `")[0]));\#
        const good=Object.fromEntries(Object.entries(r.content||{}).filter(([t])=>!t.includes("problem")));content(d,good);box.append(d)}}
              const d=el("details",{},el("summary",{},"Refusals"));
              refused.forEach(t=>d.append(el("a",{href:"#"+t.split(" ")[1]},el("code",{},t)),el("br")));box.append(d);
              list.append(box)}}
          toc.append(el("h2",{},"problems"));
          const box=el("section",{id:"problems"},el("h3",{},"Problems"));
          [...codes].sort().forEach(([code,p])=>{toc.append(el("a",{href:"#"+code},code));\#
        box.append(el("p",{id:code},el("code",{},code)," ",el("span",{className:"dim"},p.status+" "),p.title+"."))});
          box.append(fields({$ref:"#/components/schemas/Problem"},0));list.append(box);
          if(location.hash)document.getElementById(location.hash.slice(1))?.scrollIntoView()}
        fetch("/openapi.json").then(r=>r.json()).then(d=>{doc=d;show()},\#
        e=>document.getElementById("about").textContent="The document cannot be read: "+e);
        """#
}
