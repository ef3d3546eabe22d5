from django.urls import URLPattern, URLResolver, path

from yiwang.platform.draws import views

app_name = "draws"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:public_id>/draw.json", views.draw_file, name="draw-file"),
]
