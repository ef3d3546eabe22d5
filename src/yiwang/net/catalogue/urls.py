from django.urls import URLPattern, URLResolver, path

from yiwang.net.catalogue.views import editor, finder, services

app_name = "catalogue"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", services.service_list, name="service-list"),
    path("entitlements/", finder.entitlements, name="entitlements"),
    path("entitlements/keep/", finder.entitlements_keep, name="entitlements-keep"),
    path("entitlements/forget/", finder.entitlements_forget, name="entitlements-forget"),
    path("entitlements/<slug:key>/", finder.entitlements_question, name="entitlements-question"),
    path("edit/", editor.editor_list, name="editor-list"),
    path("edit/new/", editor.editor_new, name="editor-new"),
    path("edit/<str:code>/<int:number>/", editor.editor_version, name="editor-version"),
    path("edit/<str:code>/<int:number>/preview/", editor.editor_preview, name="editor-preview"),
    path("edit/<str:code>/<int:number>/compare/", editor.editor_compare, name="editor-compare"),
    path("edit/<str:code>/<int:number>/do/<slug:verb>/", editor.editor_do, name="editor-do"),
    path("edit/<str:code>/<int:number>/<slug:section>/", editor.editor_section, name="editor-section"),
    path("<str:code>/", services.service_detail, name="service-detail"),
    path("<str:code>/paper/", services.service_paper, name="service-paper"),
]
