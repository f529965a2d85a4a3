"""The help-desk agent's page: start over, post a letter; never a password, neither seen nor chosen (R58)."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.transaction import non_atomic_requests
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from msa_recovery import InfrastructureError, OrderLetter
from msa_recovery.texts import problem_text

from .directory import people
from .models import Member
from .recovery import caller_of, language_of, the_recovery


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Members, and the page on which an agent helps one of them."""

    list_display = ("last_name", "first_name", "account_type", "contacts_to_confirm", "is_active")
    search_fields = ("username", "last_name")
    readonly_fields = ("username", "first_name", "last_name", "account_type", "last_login")
    fields = (*readonly_fields, "is_active")
    actions = ("help_one",)

    @admin.action(description="Aider cette personne à se reconnecter", permissions=["help"])
    def help_one(self, request, queryset):
        if queryset.count() != 1:
            messages.error(request, "Une personne à la fois.")
            return None
        member = queryset.get()
        if not people().contains(member):
            messages.error(request, "Ce compte est fermé, ou c'est celui d'un agent : il n'y a rien à faire ici.")
            return None
        return redirect("admin:members_member_help", member.pk)

    def has_add_permission(self, request):
        """A member comes from the fund's own files, with an identifier and all that a recovery has to know."""
        return False

    def has_help_permission(self, request):
        return request.user.has_perm("members.help_member")

    def get_urls(self):
        # Not in the request's transaction: what the recovery commits has happened, whatever this page does after it.
        page = non_atomic_requests(self.admin_site.admin_view(self.help_page))
        return [path("<int:pk>/help/", page, name="members_member_help"), *super().get_urls()]

    def help_page(self, request, pk):
        if not self.has_help_permission(request):
            raise PermissionDenied
        # To the recovery nobody else exists: it would be asked about a decoy, and answer as if something had been done.
        member = get_object_or_404(people(), pk=pk)
        if request.method == "POST":
            self.helped(request, member)
            return redirect(reverse("admin:members_member_help", args=[pk]))
        context = {**self.admin_site.each_context(request), "member": member, "title": str(member.get_full_name())}
        return render(request, "admin/members/help.html", context)

    def helped(self, request, member):
        recovery, agent = the_recovery(), caller_of(request, agent=True)
        try:
            if request.POST.get("do") == "unblock":
                problem = recovery.unblock(member.username, agent)
            else:
                handle = recovery.begin(agent).handle
                problem = recovery.send(handle, OrderLetter(member.username), agent).view.problem
        except InfrastructureError:
            messages.error(request, "Rien n'est fait : réessayez.")
            return
        if problem is None:
            messages.success(request, "C'est fait.")
        else:
            words = problem_text(problem, language_of(request), now=recovery.now(), policy=recovery.policy)
            messages.warning(request, words)
