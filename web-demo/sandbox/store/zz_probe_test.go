package store
import ("testing";"fmt";"slices";"github.com/ftrack-wasm/ftrack-wasm/session/schema";"github.com/ftrack-wasm/ftrack-wasm/web-demo/sandbox/schemas")
func TestZZ(t *testing.T){
 set,_:=schemas.Load()
 s:=New(set.Schemas,Options{})
 seen:=map[string]bool{}
 for _,ty:=range set.Schemas.Types(){
  if len(ty.PrimaryKey)==1 && ty.PrimaryKey[0]!="id" {fmt.Println("KEY",ty.Name,ty.PrimaryKey)}
  if len(ty.PrimaryKey)>1 { for _,k:=range ty.PrimaryKey { a:=ty.Attribute(k); fmt.Println("COMP",ty.Name,k,a.Kind,a.ReferenceName,a.Immutable,a.Required, a.HasDefault) } }
  for _,a:=range ty.Attributes{
   if !a.IsRelation()||a.Kind==schema.Reference {continue}
   in:=s.layouts[ty.Index].inverse[a.Slot]
   sd:=s.Side(ty,a)
   req,imm:="",""
   if in.way==wayMembers { for _,m:=range append([]*schema.EntityType{in.target},in.target.Derived...) { c:=m.Attribute(sd.Column); if c!=nil { if c.Required{req="REQ"}; if c.Immutable{imm="IMM"}; if slices.Contains(m.PrimaryKey,sd.Column){imm+="KEY"}; if r:=m.Attribute(c.ReferenceName);r!=nil&&r.Immutable{imm+="refIMM"} } } }
   line:=fmt.Sprintf("%v %s -> %s col=%s link=%v far=%s %s %s attrImm=%v",in.way,a.Name,a.Target,sd.Column,sd.Link!=nil&&true,sd.Far,req,imm,a.Immutable)
   if !seen[line] {seen[line]=true; fmt.Println(ty.Name,line)}
  }
 }
}
