// How the page looks: on a screen, on a phone, on paper.
#include "page_parts.hpp"
#include "svg.hpp"

namespace tare::report::detail {

namespace {

constexpr std::string_view layout = R"css(
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}
header,main,footer,nav>div{max-width:66rem;margin:0 auto;padding:0 1.5rem}
a{color:var(--link);text-underline-offset:.2em}
:focus-visible{outline:2px solid var(--link);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:9}
header{padding-top:4.5rem;padding-bottom:2.5rem}
.over{margin:0 0 1.25rem;font-size:.875rem;color:var(--soft);overflow-wrap:anywhere}
.over b{color:var(--ink);font-weight:600}
h1{margin:0;font-size:clamp(1.375rem,1.1rem + 1.3vw,1.875rem);line-height:1.25;font-weight:650;letter-spacing:-.015em;max-width:34em;text-wrap:balance;overflow-wrap:anywhere}
.verdict{margin:1.75rem 0 0;padding:0;list-style:none;max-width:44rem}
.verdict li{padding:.55rem 0;font-size:1.0625rem;overflow-wrap:anywhere}
.verdict li+li{border-top:1px solid var(--rule)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:1.5rem;margin:2.75rem 0 0;padding:1.5rem 0 0;border-top:1px solid var(--rule)}
.tiles div{min-width:0}
.tiles dt{font-size:.8125rem;color:var(--soft);line-height:1.4}
.tiles dd{margin:.15rem 0 0;font-size:1.5rem;line-height:1.3;font-weight:600;letter-spacing:-.01em;white-space:nowrap;font-variant-numeric:tabular-nums}
.tiles dd i{font-style:normal;color:var(--soft);font-weight:400}
nav{position:sticky;top:0;z-index:2;background:var(--paper);border-block:1px solid var(--rule)}
nav>div{display:flex;gap:1.5rem;overflow-x:auto;scrollbar-width:none;white-space:nowrap}
nav a{padding:.7rem 0;font-size:.875rem;color:var(--soft);text-decoration:none}
nav a:hover{color:var(--ink)}
section{padding-top:4.5rem}
h2{margin:0 0 .4rem;font-size:1.5rem;line-height:1.3;font-weight:650;letter-spacing:-.01em}
.lead{margin:0;max-width:42rem;color:var(--soft)}
figure{margin:2.5rem 0 0}
h3{margin:2.5rem 0 .2rem;font-size:1.0625rem;line-height:1.4;font-weight:600}
figure h3{margin:0 0 .2rem}
figcaption p{margin:0;max-width:42rem;font-size:.9375rem;color:var(--soft)}
.keys{display:flex;flex-wrap:wrap;gap:.35rem 1.25rem;margin:.9rem 0 0;padding:0;list-style:none;font-size:.875rem;color:var(--soft)}
.keys li{display:flex;align-items:center;gap:.4rem}
.keys svg{width:14px;height:14px;flex:none;overflow:visible}
.panels{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:2rem 2.5rem;margin-top:1.25rem;align-items:start}
.panels svg{display:block;width:100%;height:auto;overflow:visible}
.panels.c1{grid-template-columns:minmax(0,30rem)}
.panels.c3{grid-template-columns:repeat(3,minmax(0,1fr));gap:1.5rem}
.panels.c4{grid-template-columns:repeat(4,minmax(0,1fr));gap:1.5rem 1.25rem}
.scroll{overflow:auto;max-height:34rem;margin-top:1rem;border-block:1px solid var(--rule)}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.875rem;line-height:1.45;font-variant-numeric:tabular-nums}
caption{text-align:left;padding:0 0 .5rem;font-weight:600}
.scroll caption{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
th,td{padding:.4rem .6rem;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule);white-space:nowrap}
.t{text-align:left;white-space:normal}
thead th.g{text-align:center;border-bottom:1px solid var(--rule);padding-bottom:.15rem}
thead{position:sticky;top:0;z-index:1}
thead th{background:var(--paper);color:var(--soft);font-weight:500;vertical-align:bottom;white-space:normal}
tbody th,thead tr:first-child th:first-child{text-align:left;padding-left:0;font-weight:500;white-space:normal;overflow-wrap:anywhere;min-width:8rem;max-width:18rem}
tbody tr:last-child>*{border-bottom:0}
tbody th{position:sticky;left:0;background:var(--paper)}
details{margin-top:1rem;font-size:.9375rem}
summary{cursor:pointer;color:var(--link);width:fit-content}
.remarks{margin:2rem 0 0;padding:1.1rem 1.5rem;background:var(--wash);border-left:3px solid var(--pos);max-width:48rem}
.remarks h3{margin:0}
.remarks ul{margin:.4rem 0 0;padding-left:1.1rem}
.remarks li{padding:.15rem 0;overflow-wrap:anywhere}
.find{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin-top:1.5rem}
.find label{font-weight:600}
.find input{flex:1 1 16rem;max-width:26rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.4rem;padding:.45rem .75rem}
.find output{color:var(--soft);font-size:.875rem}
[hidden]{display:none!important}
#list{font-size:.8125rem}#list th,#list td{padding-left:.45rem;padding-right:.45rem}#list tbody th{min-width:14rem;overflow-wrap:break-word}#list tbody th,#list thead tr:first-child th:first-child{padding-left:0}
#list.live tbody th{cursor:pointer;color:var(--link)}
#list tr.chosen>*{background:var(--wash)}
.about{columns:2;column-gap:3rem;font-size:.9375rem;margin-top:1.25rem}
.about p{margin:0 0 .8rem;break-inside:avoid}
footer{padding-top:4.5rem;padding-bottom:4rem;color:var(--soft);font-size:.875rem}
@media(max-width:44rem){
header{padding-top:2.25rem;padding-bottom:1.75rem}header,main,footer,nav>div{padding-left:1.1rem;padding-right:1.1rem}
section{padding-top:3.25rem}.panels,.panels.c3{grid-template-columns:minmax(0,1fr);gap:1.5rem}.panels.c4{grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:1.1rem;margin-top:1.75rem}.tiles dd{font-size:1.25rem}.about{columns:1}
.scroll{max-height:26rem}#list tbody th{min-width:9rem;overflow-wrap:anywhere}
}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
@media print{
@page{size:A4;margin:15mm 14mm}
html{font-size:9.5pt}nav,.find,.skip,#one{display:none!important}
header,main,footer{padding:0;max-width:none}header{padding-bottom:1rem}h1{font-size:17pt}
section{padding-top:2rem}h2,h3,.lead,figcaption,.keys{break-after:avoid}figure,figcaption,.lead,.keys,.about p,.panels svg,.tiles,.remarks,tr{break-inside:avoid}.panels{gap:1rem 1.5rem}.tiles{grid-template-columns:repeat(3,auto) repeat(2,minmax(10rem,auto))}.tiles dd{font-size:1.2rem}
figure{margin-top:1.5rem}.scroll{max-height:none;overflow:visible;border:0}th,td{padding:.2rem .35rem;font-size:7.5pt;min-width:0!important}
thead,tbody th{position:static}#list tbody tr:nth-child(n+31){display:none}
details:not([open]){display:none}a{color:inherit;text-decoration:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
)css";

}  // namespace

std::string page_style() {
    return colour_variables() + std::string(layout) + plot_classes();
}

}  // namespace tare::report::detail
