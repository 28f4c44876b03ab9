"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from xiuhua.web.desk import account, cases, duty, frozen, gallery, imports, look, month, sheets, sites, taxonomy, units

app_name = "desk"
urlpatterns = [
    path("", month.month, name="home"),
    path("ranking/", month.ranking, name="ranking"),
    path("ranking/table.xlsx", sheets.ranking_sheet, name="ranking-sheet"),
    path("ranking/<str:code>/", month.sheet, name="sheet"),
    path("lists/", month.red_and_black, name="lists"),
    path("map/", month.territory_map, name="map"),
    path("assess/", month.assess_month, name="assess"),
    path("frozen/", frozen.frozen_list, name="frozen"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/table.xlsx", sheets.case_sheet, name="case-sheet"),
    path("cases/<int:key>/", cases.case_page, name="case"),
    path("imports/", imports.batch_list, name="imports"),
    path("imports/<int:key>/", imports.batch_page, name="import"),
    path("imports/<int:key>/findings/", imports.finding_list, name="findings"),
    path("imports/<int:key>/records/", imports.record_list, name="records"),
    path("sites/", sites.site_list, name="sites"),
    path("sites/table.xlsx", sites.site_sheet, name="site-sheet"),
    path("sites/template.xlsx", sites.template_sheet, name="site-template"),
    path("sites/import/", sites.site_import, name="site-import"),
    path("units/", units.unit_list, name="units"),
    path("units/table.xlsx", units.unit_sheet, name="unit-sheet"),
    path("units/template.xlsx", units.template_sheet, name="unit-template"),
    path("units/import/", units.unit_import, name="unit-import"),
    path("standards/", taxonomy.standards, name="standards"),
    path("standards/table.xlsx", taxonomy.standards_sheet, name="standards-sheet"),
    path("standards/old-and-new/", taxonomy.old_and_new, name="standards-swap"),
    path("duty/", duty.matrix, name="duty"),
    path("duty/who/", duty.who, name="duty-who"),
    path("duty/map/", duty.duty_map, name="duty-map"),
    path("duty/rows/", duty.rows, name="duty-rows"),
    path("duty/found/<str:what>/", duty.found, name="duty-found"),
    path("login/", account.sign_in, name="login"),
    path("logout/", account.sign_out, name="logout"),
    path("look/", look.look, name="look"),
    path("language/", look.language, name="language"),
    path("ui.css", look.styles, name="stylesheet"),
    path("gallery/", gallery.gallery, name="gallery"),
]
