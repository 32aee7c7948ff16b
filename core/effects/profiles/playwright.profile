# Source: @playwright/mcp 0.0.83 with all its capabilities, its tools/list reply. Older versions call
# the target of an action `ref`.
profile playwright
package @playwright/mcp
command playwright-mcp
sandbox allow-net env=PLAYWRIGHT_BROWSERS_PATH
relative cwd
# What is looked at; a file name makes it a write.
tool browser_snapshot          remote-read target,ref=text filename=write? depth=number boxes=flag
tool browser_find              remote-read text,regex=text filename=write?
tool browser_take_screenshot   remote-read element,target,ref,type,scale=text filename=write?
	fullPage,raw=flag
tool browser_console_messages  remote-read level=text all,onlyErrors=flag filename=write?
tool browser_network_requests  remote-read static,includeStatic=flag filter=text filename=write?
tool browser_network_request   remote-read index=number part=text filename=write?
tool browser_pdf_save          remote-read filename=write?
tool browser_get_config        remote-read
tool browser_route_list        remote-read
tool browser_generate_locator  remote-read element,target,ref=text
tool browser_verify_element_visible  remote-read role,accessibleName=text
tool browser_verify_text_visible     remote-read text=text
tool browser_verify_list_visible     remote-read element,target,ref=text items=text
tool browser_verify_value            remote-read type,element,target,ref,value=text
# What lasts no longer than the page.
tool browser_close             remote-read
tool browser_resize            remote-read width,height=number
tool browser_wait_for          remote-read time=number text,textGone=text
tool browser_hover             remote-read element,target,ref=text
tool browser_highlight         remote-read element,target,style=text
tool browser_hide_highlight    remote-read element,target=text
tool browser_annotate          remote-read
tool browser_emulate_media     remote-read colorScheme,reducedMotion,forcedColors,contrast,media=text
tool browser_mouse_move_xy     remote-read element=text x,y=number
tool browser_mouse_wheel       remote-read deltaX,deltaY=number
# Where it goes.
tool browser_navigate          url=url
tool browser_navigate_back     remote-read
tool browser_navigate_forward  remote-read
tool browser_tabs              remote-read action=text index=number url=url?
tool browser_tab_list          remote-read
tool browser_tab_new           remote-read url=url?
tool browser_tab_select        remote-read index=number
tool browser_tab_close         remote-read index=number
# What a page may take for a person's doing.
tool browser_click             remote-write element,target,ref,button,modifiers=text doubleClick=flag
tool browser_drag              remote-write startElement,startTarget,startRef=text
	endElement,endTarget,endRef=text
tool browser_drop              remote-write element,target=text paths=read*? data=text
tool browser_file_upload       remote-write paths=read*?
tool browser_fill_form         remote-write fields=text
tool browser_handle_dialog     remote-write accept=flag promptText=text
tool browser_press_key         remote-write key=text
tool browser_select_option     remote-write element,target,ref,values=text
tool browser_type              remote-write element,target,ref,text=text submit,slowly=flag
tool browser_mouse_click_xy    remote-write element,button=text x,y,clickCount,delay=number
tool browser_mouse_drag_xy     remote-write element=text startX,startY,endX,endY=number
tool browser_mouse_down        remote-write button=text
tool browser_mouse_up          remote-write button=text
tool browser_resume            remote-write step=flag location=text
tool browser_network_state_set remote-write state=text
tool browser_route             remote-write pattern,body,contentType,headers,removeHeaders=text
	status=number
tool browser_unroute           remote-write pattern=text
# Who the person is to a site: reading it is as much as being them.
tool browser_storage_state          remote-write filename=write?
tool browser_set_storage_state      remote-write filename=read
tool browser_cookie_list            remote-write domain,path=text
tool browser_cookie_get             remote-write name=text
tool browser_cookie_set             remote-write name,value,domain,path,sameSite=text
	expires=number httpOnly,secure=flag
tool browser_cookie_delete          remote-write name=text
tool browser_cookie_clear           remote-write
tool browser_localstorage_list      remote-write
tool browser_localstorage_get       remote-write key=text
tool browser_localstorage_set       remote-write key,value=text
tool browser_localstorage_delete    remote-write key=text
tool browser_localstorage_clear     remote-write
tool browser_sessionstorage_list    remote-write
tool browser_sessionstorage_get     remote-write key=text
tool browser_sessionstorage_set     remote-write key,value=text
tool browser_sessionstorage_delete  remote-write key=text
tool browser_sessionstorage_clear   remote-write
# Recordings, into a file of the server's own choice unless one is named.
tool browser_start_recording     remote-write
tool browser_stop_recording      remote-write
tool browser_start_tracing       remote-write
tool browser_stop_tracing        remote-write
tool browser_start_video         remote-write filename=write? size=text fps=number cursor=flag
tool browser_stop_video          remote-write
tool browser_video_chapter       remote-read title,description=text duration=number
tool browser_video_show_actions  remote-read duration=number position,cursor,style=text
tool browser_video_hide_actions  remote-read
# Code in the page, or in the server itself.
tool browser_evaluate         wide element,target,ref,function=text filename=write?
tool browser_run_code         wide code=text
tool browser_run_code_unsafe  wide code=text filename=read?
tool browser_install          wide
